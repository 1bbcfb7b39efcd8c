"""Fallback venue: agreed on in advance; one action moves the event there and notifies everyone."""

from collections.abc import Mapping
from dataclasses import asdict

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from events.core import audit as core_audit
from events.core.actions.plan import move_event, place_input_for
from events.core.actions.times import PLACE_TEXT_FIELDS, EventPlaceInput, EventTextInput
from events.core.models import Event
from events.core.permissions import event_to_change
from events.core.queries import text_of
from events.production.models import FallbackVenue

ONLY_EDITORS = _("Editors and coordinators prepare plan B.")


def set_fallback_venue(
    *,
    access: Access,
    event: Event,
    words: Mapping[str, Mapping[str, str]],
    place: EventPlaceInput,
    agreed: bool = False,
    note: str = "",
) -> FallbackVenue:
    """Set the fallback venue, without notifications. `words`: texts by language (those of
    `PLACE_TEXT_FIELDS`); `agreed`: its hosts did; `note`: contact, keys.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, or without
    both a place and a link.
    """
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        texts = _strip_place_texts(words)
        if not any(one["place"] or one["address"] for one in texts.values()) and not place.online_link:
            raise Refused(_("Say where it is, or give a link for those who join online."))
        row, _made = FallbackVenue.objects.update_or_create(
            event=locked,
            defaults={
                "words": texts,
                **asdict(place),
                "agreed": agreed,
                "note": note,
                "used_at": None,
                "changed_at": now(),
            },
        )
        core_audit.record_event_action(locked, access, "event.second_place_set", agreed=agreed)
    return row


def move_to_fallback_venue(*, access: Access, event: Event) -> Event:
    """Move the event to its fallback venue, notify everyone informed of it, and increase SEQUENCE.
    The previous venue becomes the fallback venue.

    Raises NotAllowed; Refused without a fallback venue, or for what `move_event` refuses.
    """
    with event_to_change(
        access, event, _("Editors and coordinators press plan B."), also_cancelled=True
    ) as locked:
        row = FallbackVenue.objects.select_for_update().filter(event=locked).first()
        if row is None:
            raise Refused(_("There is no second place yet: say first where it is."))
        before, place = {code: text_of(locked, code) for code in Language.values}, place_input_for(locked)
        # A language without texts takes those of the first that has some.
        written = [one for one in Language.values if any(row.words.get(one, {}).values())]
        texts = {}
        for code, text in before.items():
            words = row.words.get(code if code in written else next(iter(written), ""), {})
            new = {name: words.get(name, "") for name in PLACE_TEXT_FIELDS}
            texts[code] = EventTextInput(title=text.title, text=text.text, **new)
        moved = move_event(access=access, event=locked, place=place_input_for(row), texts=texts)
        row.words = _strip_place_texts(
            {code: {name: getattr(text, name) for name in PLACE_TEXT_FIELDS} for code, text in before.items()}
        )
        for name, value in asdict(place).items():
            setattr(row, name, value)
        row.agreed, row.used_at, row.changed_at = False, now(), now()
        row.save()
    return moved


def _strip_place_texts(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {
        code: {word: words.get(code, {}).get(word, "").strip() for word in PLACE_TEXT_FIELDS}
        for code in Language.values
    }


def take_over_second_place(access: Access, source: Event, made: Event) -> None:
    """Copy the fallback venue; its hosts must agree again."""
    row = FallbackVenue.objects.filter(event=source).first()
    if row is None:
        return
    row.pk, row.event, row.agreed, row.used_at, row.changed_at = None, made, False, None, now()
    row.save(force_insert=True)
