"""The line below the title of what is carried."""

from events.core.models import Event
from events.core.queries import text_in


def when_and_where(when: str, event: Event, language: str) -> str:
    """The given words and the place, for people who may know it: what is carried is theirs."""
    text = text_in(event, language)
    place = ", ".join(filter(None, [text.place, text.address]))
    return " · ".join(filter(None, [when, place]))
