"""Writing down what was learned from an event, for the next one."""

import datetime
from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that, works_here
from events.core import audit
from events.core.actions.plan import place_of, plan_event
from events.core.actions.proposal import Planned, Words
from events.core.afterwards import Thanked, reused_parts, thanked_groups
from events.core.enums import EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import is_admitted, may_change, may_plan
from events.core.queries import text_of
from events.core.summary import invited
from events.production.debrief.models import Afterwards


@dataclass(frozen=True)
class Learned:
    """What is said. Numbers are people counted; None where nobody counted."""

    went_well: str = ""
    went_badly: str = ""
    next_time: str = ""
    came: int | None = None
    press_came: int | None = None


class Stale(Refused):
    """Somebody else wrote since the page was opened; `row` is what stands there now."""

    def __init__(self, row: Afterwards) -> None:
        super().__init__(
            _("Somebody else wrote here meanwhile. What they wrote is below, what you wrote is kept.")
        )
        self.row = row


def write_learned(*, access: Access, event: Event, learned: Learned, seen: int) -> Afterwards:
    """Write down what was learned; everyone who prepares events here may. `seen`: the revision that the
    person had before them.

    Raises NotAllowed; Stale if somebody else wrote since.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(is_admitted(access, locked) and works_here(access, Right.SEE_DRAFTS))
        row = afterwards_of(locked)
        if row.revision != seen:
            raise Stale(row)
        for name, value in asdict(learned).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.revision += 1
        row.changed_at, row.changed_by = now(), access.user
        row.save()
        audit.record(locked, access, "event.learned")
    return row


def afterwards_of(event: Event) -> Afterwards:
    """The event's row, made on first use; the caller holds the event."""
    row, _made = Afterwards.objects.get_or_create(event=event, defaults={"changed_at": now()})
    return row


# --- reuse ---
# Planning an event again from one that was: what was prepared once is not written twice.
#
# What is of that one day stays behind: people who were asked or came, answers, states, texts and pictures,
# who was thanked. Capabilities bring the parts that can be taken over (`ReusedPart`).


WORDS = ("title", "text", "place", "address", "access_notes")


def plan_again(*, access: Access, event: Event, on: datetime.date, parts: Collection[str]) -> Event:
    """Plan an event with the words, kind, place, length and hours of another one, on another day.

    `access` is to the workspace of both. Raises NotAllowed without the right to plan there or to see what was
    prepared; Refused in words if its times cannot be on that day.
    """
    require_that(may_plan(access) and is_admitted(access, event))
    with transaction.atomic():
        made = plan_event(
            access=access,
            kind=EventKind(event.kind),
            texts=_texts(event),
            times=_times(event, on),
            place=place_of(event),
            handling=Handling(event.handling),
            restricted_to=list(event.restricted_to.all()) if event.restricted else (),
        )
        for name, part in reused_parts().items():
            if name in parts:
                part.take_over(access, event, made)
    return made


def _texts(event: Event) -> dict[str, Words]:
    return {
        code: Words(**{word: getattr(text_of(event, code), word) for word in WORDS})
        for code in Language.values
    }


def _times(event: Event, on: datetime.date) -> Planned:
    """The same hours on the other day; what runs over days runs as long, as far from it as before."""
    shift = on - event.starts_on
    run_from, run_until = event.run_from, event.run_until
    return Planned(
        starts_on=on,
        starts_at_time=event.starts_at_time,
        ends_on=event.ends_on + shift,
        ends_at_time=event.ends_at_time,
        zone=event.zone,
        run_from=run_from + shift if run_from else None,
        run_until=run_until + shift if run_until else None,
    )


# --- thanks ---
# Thanking those who came: one mail each, once, with the house's own words and the event's public facts.
#
# Capabilities bring the groups (`ThankedGroup`).


def thank(*, access: Access, event: Event, group: str) -> int:
    """Thank a group; returns how many mails were written. Each group is thanked once.

    Raises NotAllowed without the right to change the event; Refused before the event is over, for one that is
    cancelled, for a group that was thanked, and if nobody is in it.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), _("Editors and coordinators thank people."))
        refuse_cancelled(locked)
        thanked = thanked_groups()[group]
        if not thanked.may_be_thanked(locked):
            raise Refused(_("It is not over yet: thank people afterwards."))
        row = afterwards_of(locked)
        if group in row.thanked:
            raise Refused(_("They were thanked already."))
        count = sum(_write(locked, one) for one in thanked.people(locked))
        if not count:
            raise Refused(_("Nobody is noted who could be thanked."))
        _note(row, group, count)
        audit.record(locked, access, "event.thanked", group=group, count=count)
    return count


def _note(row: Afterwards, group: str, count: int) -> None:
    row.thanked = row.thanked | {group: {"at": now().isoformat(), "count": count}}
    row.save(update_fields=["thanked"])


def _write(event: Event, thanked: Thanked) -> bool:
    """Mail passes through many hands: of an event that is not public it tells no title and no page."""
    told = asdict(invited(thanked.row)) if event.is_public else {}
    return outbox.queue_mail(
        key=f"event-thanks:{thanked.key}",
        template="events/thanks",
        language=thanked.row.language,
        person=thanked.person,
        address=thanked.address,
        context={"name": thanked.name, "event": told, "button_url": told.get("page", "")},
    )
