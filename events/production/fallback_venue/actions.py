"""Plan B: a second place is agreed on before, and one press moves the event there and tells everyone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.actions.plan import move_event
from events.core.actions.proposal import Place, Words
from events.core.enums import GettingIn
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import text_of
from events.production.fallback_venue.models import SecondPlace

PLACE_WORDS = ("place", "address", "access_notes")
EVENT_WORDS = ("title", "text", *PLACE_WORDS)


@dataclass(frozen=True)
class Second:
    """Another place: its words by language (those of `PLACE_WORDS`), what is the same in each, whether its
    hosts agreed, and a note (whom to call, who has the key)."""

    words: Mapping[str, Mapping[str, str]]
    place: Place
    agreed: bool = False
    note: str = ""


def set_second_place(*, access: Access, event: Event, second: Second) -> SecondPlace:
    """Say where the event goes if its place falls through. Nobody is told.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, or if no place is
    named and no link is given.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), _("Editors and coordinators prepare plan B."))
        refuse_cancelled(locked)
        said = _said(second.words)
        if not any(one["place"] or one["address"] for one in said.values()) and not second.place.online_link:
            raise Refused(_("Say where it is, or give a link for those who join online."))
        row, _made = SecondPlace.objects.update_or_create(
            event=locked,
            defaults={
                "words": said,
                "region": second.place.region,
                "map_link": second.place.map_link,
                "step_free": second.place.step_free,
                "online_link": second.place.online_link,
                "agreed": second.agreed,
                "note": second.note.strip(),
                "used_at": None,
                "changed_at": now(),
            },
        )
        audit.record(locked, access, "event.second_place_set", agreed=second.agreed)
    return row


def use_second_place(*, access: Access, event: Event) -> Event:
    """Move the event to its second place: everyone who knows of it is told, SEQUENCE rises. The place that
    fell through takes the other's room.

    Raises NotAllowed; Refused if there is no second place, or for what `move_event` refuses.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), _("Editors and coordinators press plan B."))
        row = SecondPlace.objects.select_for_update().filter(event=locked).first()
        if row is None:
            raise Refused(_("There is no second place yet: say first where it is."))
        before = _of_event(locked)
        place = Place(row.region, row.map_link, GettingIn(row.step_free), row.online_link)
        moved = move_event(access=access, event=locked, place=place, texts=_texts(locked, row))
        row.words, row.region, row.map_link = _said(before.words), before.place.region, before.place.map_link
        row.step_free, row.online_link = before.place.step_free, before.place.online_link
        row.agreed, row.used_at, row.changed_at = False, now(), now()
        row.save()
    return moved


def _texts(event: Event, row: SecondPlace) -> dict[str, Words]:
    """The event's words with those of the second place; a language without any takes the first that has."""
    written = [one for one in Language.values if any(row.words.get(one, {}).values())]
    found = {}
    for code in Language.values:
        text = text_of(event, code)
        own = Words(**{word: getattr(text, word) for word in EVENT_WORDS})
        said = row.words.get(code if code in written else next(iter(written), ""), {})
        found[code] = replace(own, **{word: said.get(word, "") for word in PLACE_WORDS})
    return found


def _of_event(event: Event) -> Second:
    words = {
        code: {word: getattr(text_of(event, code), word) for word in PLACE_WORDS} for code in Language.values
    }
    place = Place(event.region, event.map_link, GettingIn(event.step_free), event.online_link)
    return Second(words=words, place=place)


def _said(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {
        code: {word: words.get(code, {}).get(word, "").strip() for word in PLACE_WORDS}
        for code in Language.values
    }
