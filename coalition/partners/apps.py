from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "coalition.partners"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added

        from coalition.audit.words import register_actions
        from coalition.outbox.mail import register_addresses
        from coalition.partners.audit_words import ACTIONS
        from coalition.partners.domain import forget_people
        from coalition.partners.new_authenticator import count_as_second_factor
        from coalition.partners.password_changes import end_what_the_old_one_opened
        from coalition.partners.queries import mail_address_of
        from coalition.partners.session_check import standing_of
        from coalition.realtime.door import register_session_check

        register_addresses(mail_address_of)
        register_actions(ACTIONS)
        forget_people.register()
        register_session_check(standing_of)
        authenticator_added.connect(count_as_second_factor)
        for new_password in (password_changed, password_reset, password_set):
            new_password.connect(end_what_the_old_one_opened)
