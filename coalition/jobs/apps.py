from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "coalition.jobs"
    label = "clock"

    def ready(self) -> None:
        from coalition.jobs import worker  # noqa: F401  registers its check; needs loaded models
