from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Press conferences, exhibitions and calendars."""

    name = "events"
    label = "events"
