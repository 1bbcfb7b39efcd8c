"""Thanking those who came: one mail each, once, with the house's own words and the event's public facts.

Whoever counts as a group registers nothing here: a group is a row of `GROUPS`, a function that yields those
who really came.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.enums import Answer
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventInvitation
from events.core.permissions import may_change
from events.core.summary import invited
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.models import SchoolGroup
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.press.registration.notifications import as_invited
from events.production.debrief.actions.lessons import afterwards_of
from events.production.debrief.models import Afterwards
from events.volunteers.models import Volunteer


@dataclass(frozen=True)
class Thanked:
    """One mail: to a person of the coalition (`person`) or to an address; `key` makes it the only one."""

    key: str
    row: EventInvitation
    name: str
    person: UUID | None = None
    address: str = ""


@dataclass(frozen=True)
class Group:
    """Those who are thanked together: how they are called, and who they are. `over_days`: they come on all
    days of a run, so that they are thanked after its last one."""

    label: str | Promise
    people: Callable[[Event], Iterator[Thanked]]
    over_days: bool = False

    def may_be_thanked(self, event: Event) -> bool:
        """Whether it is over for them."""
        ends = event.lasts_until if self.over_days else event.ends_at
        return ends is not None and ends <= now()


def _press(event: Event) -> Iterator[Thanked]:
    """Journalists who were there."""
    guests = PressGuest.objects.filter(registration__event=event, state=PressState.CONFIRMED)
    for guest in guests.exclude(came_at=None).select_related("registration__event"):
        guest.registration.event = event
        yield Thanked(f"press:{guest.uuid}", as_invited(guest), guest.name, address=guest.address)


def _invited(event: Event) -> Iterator[Thanked]:
    """People who were invited and said that they come."""
    rows = event.invitations.filter(withdrawn_at=None, answer=Answer.ACCEPTED).select_related("person")
    for row in rows:
        row.event = event
        if row.person is not None:
            yield Thanked(f"invited:{row.uuid}", row, row.person.name, person=row.person.uuid)
        else:
            yield Thanked(f"invited:{row.uuid}", row, row.guest_name, address=row.guest_address)


def _volunteers(event: Event) -> Iterator[Thanked]:
    """Volunteers whom somebody saw at one of their shifts."""
    rows = Volunteer.objects.filter(event=event, turns__came=True).exclude(proved_at=None)
    for one in rows.distinct():
        row = EventInvitation(event=event, language=one.language)
        yield Thanked(f"volunteer:{one.uuid}", row, one.name, address=one.address)


def _school_groups(event: Event) -> Iterator[Thanked]:
    """Who came with a school group: those who had a place."""
    rows = SchoolGroup.objects.filter(visits__event=event, state=GroupState.CONFIRMED)
    for one in rows:
        row = EventInvitation(event=event, language=one.language)
        yield Thanked(f"school-group:{one.uuid}", row, one.contact, address=one.address)


GROUPS: dict[str, Group] = {
    "press": Group(_("Journalists who came"), _press),
    "invited": Group(_("People who were invited and came"), _invited),
    "volunteers": Group(_("Volunteers who came"), _volunteers, over_days=True),
    "groups": Group(_("School groups that had a place"), _school_groups, over_days=True),
}


def thank(*, access: Access, event: Event, group: str) -> int:
    """Thank a group; returns how many mails were written. Each group is thanked once.

    Raises NotAllowed without the right to change the event; Refused before the event is over, for one that is
    cancelled, for a group that was thanked, and if nobody is in it.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), _("Editors and coordinators thank people."))
        refuse_cancelled(locked)
        if not GROUPS[group].may_be_thanked(locked):
            raise Refused(_("It is not over yet: thank people afterwards."))
        row = afterwards_of(locked)
        if group in row.thanked:
            raise Refused(_("They were thanked already."))
        count = sum(_write(locked, one) for one in GROUPS[group].people(locked))
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
    return outbox.queue(
        key=f"event-thanks:{thanked.key}",
        template="events/thanks",
        language=thanked.row.language,
        person=thanked.person,
        address=thanked.address,
        context={"name": thanked.name, "event": told, "button_url": told.get("page", "")},
    )
