from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "coalition.partners"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.outbox.mail import register_addresses
        from coalition.partners.queries import mail_address_of

        register_addresses(mail_address_of)
