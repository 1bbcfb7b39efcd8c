from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "coalition.realtime"
    label = "realtime"

    def ready(self) -> None:
        # Imported late: the models must be loaded.
        from coalition.live_push import register_revocation_log
        from coalition.realtime.backend import record_revocations

        register_revocation_log(record_revocations)
