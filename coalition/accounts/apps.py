from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "coalition.accounts"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        # These registrations need the models, which are loaded only now.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from coalition.accounts import retention, signals
        from coalition.accounts.actions.people import recheck_deleted_session
        from coalition.accounts.audit_labels import ACTIONS
        from coalition.accounts.queries import mail_address_for
        from coalition.accounts.session_check import read_session_state
        from coalition.accounts.signals import end_sessions_after_password_change, mark_second_factor_proved
        from coalition.audit.labels import register_actions
        from coalition.mail.outbox import register_addresses
        from coalition.realtime.sessions import register_session_check

        register_addresses(mail_address_for)
        register_actions(ACTIONS)
        retention.register_people_retention()
        register_session_check(read_session_state)
        authenticator_added.connect(mark_second_factor_proved)
        post_delete.connect(recheck_deleted_session, sender=Session)
        for new_password in (password_changed, password_reset, password_set):
            new_password.connect(end_sessions_after_password_change)
            new_password.connect(signals.log_new_password)
        user_logged_in.connect(signals.log_sign_in)
        user_logged_out.connect(signals.log_sign_out)
        user_login_failed.connect(signals.log_failed_sign_in)
        authentication_failed.connect(signals.log_refused_code)
        authenticator_added.connect(signals.log_factor_added)
        authenticator_removed.connect(signals.log_factor_removed)
