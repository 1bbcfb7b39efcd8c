from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "coalition.campaigns"
    label = "campaigns"
    verbose_name = "Campaigns"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.campaigns.registry import register_all

        register_all()
