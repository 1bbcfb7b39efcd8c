import datetime

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "coalition.personal_data"
    label = "vault"

    def ready(self) -> None:
        # Imported late: these registrations need loaded models.
        from coalition.jobs.scheduler import register_handler, register_recurring
        from coalition.personal_data.fields import REMOVE_ORPHANS_WORK, connect_signals
        from coalition.personal_data.orphans import remove_orphans, sweep_orphans

        connect_signals()
        register_handler(REMOVE_ORPHANS_WORK, remove_orphans)
        register_recurring("vault.sweep", sweep_orphans, every=datetime.timedelta(hours=6))
