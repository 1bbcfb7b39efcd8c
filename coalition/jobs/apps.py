from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "coalition.jobs"
    label = "clock"

    def ready(self) -> None:
        from coalition.jobs import checks  # the models are there now

        checks.register_clock_check()
