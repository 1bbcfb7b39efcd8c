"""Fallback venue: agreed on in advance; one action moves the event there and notifies everyone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.actions.plan import move_event, place_input_for
from events.core.actions.proposal import EventPlaceInput, EventTextInput
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import text_of
from events.production.fallback_venue.models import SecondPlace

PLACE_TEXT_FIELDS = ("place", "address", "access_notes")
EVENT_TEXT_FIELDS = ("title", "text", *PLACE_TEXT_FIELDS)


@dataclass(frozen=True)
class FallbackVenueInput:
    """Fallback venue: texts by language (those of `PLACE_TEXT_FIELDS`), language-independent data,
    whether its hosts agreed, and a note (contact, keys)."""

    words: Mapping[str, Mapping[str, str]]
    place: EventPlaceInput
    agreed: bool = False
    note: str = ""


def set_fallback_venue(*, access: Access, event: Event, second: FallbackVenueInput) -> SecondPlace:
    """Set the fallback venue, without notifications.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, or without
    both a place and a link.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _("Editors and coordinators prepare plan B."))
        refuse_cancelled(locked)
        said = _strip_place_texts(second.words)
        if not any(one["place"] or one["address"] for one in said.values()) and not second.place.online_link:
            raise Refused(_("Say where it is, or give a link for those who join online."))
        row, _made = SecondPlace.objects.update_or_create(
            event=locked,
            defaults={
                "words": said,
                **asdict(second.place),
                "agreed": second.agreed,
                "note": second.note.strip(),
                "used_at": None,
                "changed_at": now(),
            },
        )
        core_audit.record_event_action(locked, access, "event.second_place_set", agreed=second.agreed)
    return row


def move_to_fallback_venue(*, access: Access, event: Event) -> Event:
    """Move the event to its fallback venue, notify everyone informed of it, and increase SEQUENCE.
    The previous venue becomes the fallback venue.

    Raises NotAllowed; Refused without a fallback venue, or for what `move_event` refuses.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _("Editors and coordinators press plan B."))
        row = SecondPlace.objects.select_for_update().filter(event=locked).first()
        if row is None:
            raise Refused(_("There is no second place yet: say first where it is."))
        before = _venue_of_event(locked)
        moved = move_event(access=access, event=locked, place=place_input_for(row), texts=_texts(locked, row))
        row.words = _strip_place_texts(before.words)
        for name, value in asdict(before.place).items():
            setattr(row, name, value)
        row.agreed, row.used_at, row.changed_at = False, now(), now()
        row.save()
    return moved


def _texts(event: Event, row: SecondPlace) -> dict[str, EventTextInput]:
    """Return the event's texts with those of the fallback venue; a missing language takes the first
    available."""
    written = [one for one in Language.values if any(row.words.get(one, {}).values())]
    found = {}
    for code in Language.values:
        text = text_of(event, code)
        own = EventTextInput(**{word: getattr(text, word) for word in EVENT_TEXT_FIELDS})
        said = row.words.get(code if code in written else next(iter(written), ""), {})
        found[code] = replace(own, **{word: said.get(word, "") for word in PLACE_TEXT_FIELDS})
    return found


def _venue_of_event(event: Event) -> FallbackVenueInput:
    words = {
        code: {word: getattr(text_of(event, code), word) for word in PLACE_TEXT_FIELDS}
        for code in Language.values
    }
    return FallbackVenueInput(words=words, place=place_input_for(event))


def _strip_place_texts(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {
        code: {word: words.get(code, {}).get(word, "").strip() for word in PLACE_TEXT_FIELDS}
        for code in Language.values
    }


def take_over_second_place(access: Access, source: Event, made: Event) -> None:
    """Copy the fallback venue; its hosts must agree again."""
    row = SecondPlace.objects.filter(event=source).first()
    if row is None:
        return
    row.pk, row.event, row.agreed, row.used_at, row.changed_at = None, made, False, None, now()
    row.save(force_insert=True)
