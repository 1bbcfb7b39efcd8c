from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "coalition.mail"
    label = "outbox"

    def ready(self) -> None:
        # Only now are the models there that these need.
        from coalition.jobs.scheduler import register_handler
        from coalition.mail.outbox import END_CALLBACK_WORK, run_end_callback_work

        register_handler(END_CALLBACK_WORK, run_end_callback_work)
