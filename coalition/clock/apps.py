from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "coalition.clock"
    label = "clock"
