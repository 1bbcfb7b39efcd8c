import datetime

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "coalition.vault"
    label = "vault"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.clock.due import recur, register
        from coalition.vault.fields import REMOVE, remove_due
        from coalition.vault.watching import sweep_all, watch

        watch()
        register(REMOVE, remove_due)
        recur("vault.sweep", sweep_all, every=datetime.timedelta(hours=6))
