from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "coalition.accounts"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from coalition.accounts import sign_in_log
        from coalition.accounts.audit_words import ACTIONS
        from coalition.accounts.domain import forget_people
        from coalition.accounts.domain.sessions import session_ended
        from coalition.accounts.mfa_signals import count_as_second_factor
        from coalition.accounts.password_changes import end_what_the_old_one_opened
        from coalition.accounts.queries import mail_address_of
        from coalition.accounts.session_check import standing_of
        from coalition.audit.words import register_actions
        from coalition.mail.outbox import register_addresses
        from coalition.realtime.door import register_session_check

        register_addresses(mail_address_of)
        register_actions(ACTIONS)
        forget_people.register()
        register_session_check(standing_of)
        authenticator_added.connect(count_as_second_factor)
        post_delete.connect(session_ended, sender=Session)
        for new_password in (password_changed, password_reset, password_set):
            new_password.connect(end_what_the_old_one_opened)
            new_password.connect(sign_in_log.new_password)
        user_logged_in.connect(sign_in_log.signed_in)
        user_logged_out.connect(sign_in_log.signed_out)
        user_login_failed.connect(sign_in_log.failed)
        authentication_failed.connect(sign_in_log.code_refused)
        authenticator_added.connect(sign_in_log.factor_added)
        authenticator_removed.connect(sign_in_log.factor_removed)
