from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "coalition.accounts"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        # These registrations need the models, which are loaded only now.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from coalition.accounts.actions.memberships import recheck_deleted_session
        from coalition.accounts.queries import mail_address_for
        from coalition.accounts.retention import ACTIONS, register_people_retention
        from coalition.accounts.sign_in import (
            SECURITY_EVENTS,
            end_sessions_after_password_change,
            log_failed_sign_in,
            log_security_event,
            log_sign_in,
            log_sign_out,
            mark_second_factor_proved,
            read_session_state,
        )
        from coalition.audit.log import register_actions
        from coalition.mail.outbox import register_addresses
        from coalition.realtime.backend import register_session_check

        register_addresses(mail_address_for)
        register_actions(ACTIONS)
        register_people_retention()
        register_session_check(read_session_state)
        authenticator_added.connect(mark_second_factor_proved)
        post_delete.connect(recheck_deleted_session, sender=Session)
        for new_password in (password_changed, password_reset, password_set):
            new_password.connect(end_sessions_after_password_change)
        user_logged_in.connect(log_sign_in)
        user_logged_out.connect(log_sign_out)
        user_login_failed.connect(log_failed_sign_in)
        for signal in SECURITY_EVENTS:
            signal.connect(log_security_event)
