from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "coalition.mail"
    label = "outbox"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from coalition.jobs.scheduler import register_handler
        from coalition.mail.outbox import END_CALLBACK_WORK, run_end_callback_work

        register_handler(END_CALLBACK_WORK, run_end_callback_work)
