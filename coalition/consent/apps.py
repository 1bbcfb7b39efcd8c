from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "coalition.consent"
    label = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.consent.capability import CONSENT
        from coalition.workspaces.capability import register_capability

        register_capability(CONSENT)
