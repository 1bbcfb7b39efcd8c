from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "coalition.realtime"
    label = "realtime"

    def ready(self) -> None:
        # Only now are the models there that kicks are kept in.
        from coalition.live import register_kick_log
        from coalition.realtime.revocations import keep

        register_kick_log(keep)
