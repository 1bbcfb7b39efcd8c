"""The line below the title of a PDF."""

from events.core.models import Event
from events.core.queries import text_in


def when_and_where(when: str, event: Event, language: str) -> str:
    """Join the given time and the place. The PDF is for people who may know the address."""
    text = text_in(event, language)
    place = ", ".join(filter(None, [text.place, text.address]))
    return " · ".join(filter(None, [when, place]))
