from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Press conferences, exhibitions and calendars."""

    name = "events"
    label = "events"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from events.registry import register_events

        register_events()
