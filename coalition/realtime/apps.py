from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "coalition.realtime"
    label = "realtime"

    def ready(self) -> None:
        # Only now are the models there that kicks are kept in.
        from coalition.live_push import register_revocation_log
        from coalition.realtime.revocations import record_revocations

        register_revocation_log(record_revocations)
