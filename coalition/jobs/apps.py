from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "coalition.jobs"
    label = "clock"

    def ready(self) -> None:
        from coalition.jobs import checks  # needs the models, which are loaded only now

        checks.register_clock_check()
