import datetime

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "coalition.personal_data"
    label = "vault"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.jobs.scheduler import recur, register
        from coalition.personal_data.fields import REMOVE, remove_due
        from coalition.personal_data.signals import sweep_all, watch

        watch()
        register(REMOVE, remove_due)
        recur("vault.sweep", sweep_all, every=datetime.timedelta(hours=6))
