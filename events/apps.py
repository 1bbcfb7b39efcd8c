from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Press conferences, exhibitions and calendars."""

    name = "events"
    label = "events"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition.audit.words import register_actions
        from coalition.workspaces.activity_words import register_words
        from documents.presenters import register_presenter
        from events import trail_words
        from events.domain import approved

        register_words(trail_words.ACTIVITIES, links={"event": "events:event"})
        register_actions(trail_words.ACTIONS)
        register_presenter(approved.published, approved.withdrawn)
