import datetime

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "coalition.personal_data"
    label = "vault"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.jobs.scheduler import register_handler, register_recurring
        from coalition.personal_data.fields import REMOVE_ORPHANS_WORK, remove_orphans_due
        from coalition.personal_data.signals import connect_signals, sweep_all_orphans

        connect_signals()
        register_handler(REMOVE_ORPHANS_WORK, remove_orphans_due)
        register_recurring("vault.sweep", sweep_all_orphans, every=datetime.timedelta(hours=6))
