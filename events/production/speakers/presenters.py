"""Speaker presenters for members who prepare the event."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.formatting import moment_words
from events.core.models import Event, EventSpeaker
from events.core.pages import Area
from events.core.queries import speakers_of


@dataclass(frozen=True)
class EventSpeakerRow:
    """Speaker row. `agreed`: label of each consent, and whether it was given; empty before an
    answer."""

    speaker: EventSpeaker
    languages: str
    agreed: list[tuple[str, bool]]
    when: str


def event_speaker_rows(event: Event, speakers: Iterable[EventSpeaker]) -> list[EventSpeakerRow]:
    return [_event_speaker_row(event, speaker) for speaker in speakers]


def _event_speaker_row(event: Event, one: EventSpeaker) -> EventSpeakerRow:
    told = [
        (_("Named") if one.named else _("Not named"), one.named),
        (_("Photographed") if one.pictured else _("Not photographed"), one.pictured),
        (_("Recorded, streamed") if one.recorded else _("Not recorded, not streamed"), one.recorded),
    ]
    return EventSpeakerRow(
        speaker=one,
        languages=", ".join(str(Language(code).label) for code in one.languages if code in Language.values),
        agreed=told if one.answered_at else [],
        when=moment_words(event, one.answered_at or one.asked_at),
    )


def speakers_area(event: Event, access: Access) -> Area | None:
    """Return the line on the event's page, for members who prepare it."""
    if not access.may(Right.SEE_DRAFTS) or event.kind == EventKind.DEADLINE:
        return None
    rows = speakers_of(event)
    named = sum(row.named for row in rows)
    words = _("Nobody yet")
    if rows:
        words = ngettext("%(named)d of %(count)d named", "%(named)d of %(count)d named", len(rows)) % {
            "named": named,
            "count": len(rows),
        }
    return Area(_("Speakers"), words, reverse("events:speakers", args=[event.uuid]), "talk")
