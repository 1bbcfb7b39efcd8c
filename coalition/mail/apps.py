from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "coalition.mail"
    label = "outbox"

    def ready(self) -> None:
        # Only now are the models there that these need.
        from coalition.jobs.scheduler import register
        from coalition.mail.outbox import TELL_END, tell_end_when_they_are_back

        register(TELL_END, tell_end_when_they_are_back)
