from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "coalition.realtime"
    label = "realtime"

    def ready(self) -> None:
        # Imported late: the models of kicks must be loaded.
        from coalition.live_push import register_revocation_log
        from coalition.realtime.sessions import record_revocations

        register_revocation_log(record_revocations)
