from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "coalition.clock"
    label = "clock"

    def ready(self) -> None:
        from coalition.clock import checks  # the models are there now

        checks.register()
