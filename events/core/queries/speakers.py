"""Speakers at events: the only place where they come from."""

from django.db.models import QuerySet

from coalition.core.tokens import hash_token
from events.core.models.event import Event
from events.core.models.speaker import EventSpeaker


def speakers_of(event: Event) -> list[EventSpeaker]:
    """Everybody who is to speak, for those who prepare the event: one query."""
    return list(EventSpeaker.objects.filter(event=event))


def named_speakers() -> QuerySet[EventSpeaker]:
    """Those who agreed to be named to everyone."""
    return EventSpeaker.objects.filter(named=True)


def unnamed_count(event: Event) -> int:
    """How many have not agreed to be named."""
    return EventSpeaker.objects.filter(event=event, named=False).count()


def speaker_of_token(token: str) -> EventSpeaker | None:
    """Whose link it is; None if nobody's."""
    rows = EventSpeaker.objects.filter(token_hash=hash_token(token))
    return rows.select_related("event", "event__organisation", "event__workspace").first()
