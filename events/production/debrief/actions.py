"""Writing down what was learned from an event, for the next one."""

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
from events.core.actions.proposal import Hours, Planned, Words
from events.core.actions.times import set_hours
from events.core.enums import Answer, EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, EventInvitation
from events.core.permissions import is_admitted, may_change, may_plan
from events.core.queries import text_of
from events.core.summary import invited
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.models import SchoolGroup
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.press.registration.notifications import as_invited
from events.production.checklist.actions import MOST_TASKS, Task, add_task
from events.production.checklist.queries import tasks_of
from events.production.debrief.models import Afterwards
from events.production.fallback_venue.models import SecondPlace
from events.production.running_order.models import RunningItem, RunningOrder
from events.volunteers.models import Volunteer


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
# who was thanked. A part that can be taken over is a row of `PARTS`.


WORDS = ("title", "text", "place", "address", "access_notes")


@dataclass(frozen=True)
class Part:
    """Something that is taken over: how it is called, and what does it (access, from, to)."""

    label: str | Promise
    take: Callable[[Access, Event, Event], None]


def _checklist(access: Access, source: Event, made: Event) -> None:
    """The lines with their days; with the organisation that answers, without the person."""
    for row in tasks_of(source)[:MOST_TASKS]:
        task = Task(title=row.title, days=row.days_before, organisation=row.organisation, note=row.note)
        try:
            add_task(access=access, event=made, task=task)
        except Refused:  # that organisation does not take part any more: the line stays, open to all
            add_task(access=access, event=made, task=Task(row.title, row.days_before, note=row.note))


def _running_order(access: Access, source: Event, made: Event) -> None:
    """Minutes and titles; who speaks is asked anew."""
    order = RunningOrder.objects.filter(event=source).first()
    if order is None:
        return
    copy = RunningOrder.objects.create(
        event=made, begins=order.begins, made_for=order.made_for, changed_at=now()
    )
    items = order.items.filter(removed_at=None)
    RunningItem.objects.bulk_create(
        RunningItem(
            order=copy,
            position=number,
            title=item.title,
            minutes=item.minutes,
            pinned=item.pinned,
            note=item.note,
        )
        for number, item in enumerate(items)
    )


def _hours(access: Access, source: Event, made: Event) -> None:
    """Opening hours of the week; days that differed were of that year."""
    week = [Hours(row.weekday, row.opens, row.closes) for row in source.hours.all()]
    if week and made.run_from is not None:
        set_hours(access=access, event=made, hours=week)


def _second_place(access: Access, source: Event, made: Event) -> None:
    """Where to go if the place falls through; its hosts agree anew."""
    row = SecondPlace.objects.filter(event=source).first()
    if row is None:
        return
    row.pk, row.event, row.agreed, row.used_at, row.changed_at = None, made, False, None, now()
    row.save(force_insert=True)


PARTS: dict[str, Part] = {
    "checklist": Part(pgettext_lazy("of an event", "Checklist"), _checklist),
    "running": Part(_("Running order, without the names"), _running_order),
    "hours": Part(_("Opening hours of the week"), _hours),
    "second": Part(_("Second place; its hosts are asked anew"), _second_place),
}


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
        for name, part in PARTS.items():
            if name in parts:
                part.take(access, event, made)
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
# Whoever counts as a group registers nothing here: a group is a row of `GROUPS`, a function that yields those
# who really came.


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
    return outbox.queue_mail(
        key=f"event-thanks:{thanked.key}",
        template="events/thanks",
        language=thanked.row.language,
        person=thanked.person,
        address=thanked.address,
        context={"name": thanked.name, "event": told, "button_url": told.get("page", "")},
    )
