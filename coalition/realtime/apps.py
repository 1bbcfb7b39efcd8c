from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "coalition.realtime"
    label = "realtime"
