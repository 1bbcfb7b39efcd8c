"""Whether a date goes well with what is known: other events, partners, sittings, public holidays.

Everything is asked as the person may see it. An event that is hidden from them is no conflict, and does
not shape the free times offered either: nobody learns of it by trying dates.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, may_see_name
from coalition.core.clock import now
from events.conflicts.formatting import Conflict, told, told_of_holiday
from events.conflicts.rules import DAYS_AHEAD, Reason, Slot, clashes_of, first_clashes, free_times
from events.conflicts.sittings import sittings_between, sittings_for
from events.core.actions.times import times_of
from events.core.enums import Consent, EventKind, EventState
from events.core.facts import Times
from events.core.holidays import holiday_on
from events.core.models import CoHost, Event, EventText
from events.core.naming import hosts_of
from events.core.occurrences import DAY, occurrences
from events.core.queries import between, events_for
from events.partner_calendars.queries import PartnerBusy, partner_times_for

LOOKED_AHEAD = datetime.timedelta(days=366)  # of an event that comes again
DATES = 60
SHOWN = 6


@dataclass(frozen=True)
class Proposal:
    """What somebody thinks of. `hosts` would host it; `event` is its key if it is planned already."""

    times: Times
    kind: EventKind = EventKind.MEETING
    region: str = ""
    hosts: tuple[Organisation, ...] = ()
    event: int | None = None


@dataclass(frozen=True)
class Found:
    """What is in the way of a proposal (`more` are not told one by one), and when nothing would be."""

    conflicts: tuple[Conflict, ...] = ()
    more: int = 0
    free: tuple[datetime.datetime, ...] = ()

    @property
    def is_loud(self) -> bool:
        return any(one.is_loud for one in self.conflicts)

    @property
    def digest(self) -> str:
        """Names these conflicts, so that a form can say that they were seen."""
        words = "\n".join(f"{one.words} {one.when}" for one in self.conflicts) + str(self.more)
        return hashlib.sha256(words.encode()).hexdigest()[:16] if self.conflicts else ""


def conflicts(*, user: User, viewer: Viewer, proposal: Proposal) -> Found:
    """What is in the way of the proposal as far as the person may see it, and up to three free times.

    A deadline gathers nobody: only public holidays are told of it. Opening hours are in nobody's way.
    The number of queries is the same for any number of events.
    """
    zone = ZoneInfo(proposal.times.zone)
    mine = _slots_of(proposal, viewer)
    if not mine:
        return Found()
    days = _holidays(mine, zone)
    if proposal.kind == EventKind.DEADLINE:
        return Found(tuple(days[:SHOWN]), max(len(days) - SHOWN, 0))
    first, last = mine[0].starts_at - DAY, mine[-1].ends_at + (DAYS_AHEAD + 2) * DAY
    others = _taken(user, viewer, proposal, first, last)
    clashes = clashes_of(mine, others)
    all_told = [*(told(one, viewer, zone) for one in clashes), *days]
    free: list[datetime.datetime] = []
    if all_told and not proposal.times.all_day:
        once = proposal.times.rule is None
        free = free_times(mine, others, zone=zone, not_before=now(), moves_days=once)
    return Found(tuple(all_told[:SHOWN]), max(len(all_told) - SHOWN, 0), tuple(free))


def conflicts_among(
    *,
    viewer: Viewer,
    events: Sequence[Event],
    busy: Iterable[PartnerBusy],
    first: datetime.datetime,
    last: datetime.datetime,
) -> dict[tuple[int, datetime.datetime], Conflict]:
    """For each time of these events that collides with another one or with a partner, the first conflict.

    By the event's key and the moment at which it begins.

    `events` with texts and exceptions fetched; their hosts are fetched here, in one query.
    """
    gathering = [one for one in events if _gathers(one)]
    prefetch_related_objects(gathering, _hosts())
    slots = [slot for event in gathering for slot in _slots_of_event(event, viewer, first, last)]
    slots += [_slot_of_partner(row) for row in busy]
    clashes = first_clashes(slots)
    return {
        (slot.thing.pk, slot.starts_at): told(clash, viewer, slot.thing.zone_info)
        for slot, clash in clashes.items()
        if isinstance(slot.thing, Event)
    }


def proposal_for(event: Event) -> Proposal:
    """An event that is planned already, as a proposal."""
    asked = event.co_hosts.filter(state=Consent.ASKED).select_related("organisation")
    return Proposal(
        times=times_of(event),
        kind=EventKind(event.kind),
        region=event.region,
        hosts=(*hosts_of(event), *(one.organisation for one in asked)),
        event=event.pk,
    )


def _slots_of(proposal: Proposal, viewer: Viewer) -> list[Slot]:
    """The proposal's own times; not the hours of what is open over days."""
    times = proposal.times
    start = times.start if isinstance(times.start, datetime.datetime) else _midnight(times.start)
    begins = start.replace(tzinfo=ZoneInfo(times.zone))
    first = begins - DAY if times.rule is None else max(begins - DAY, now())  # past dates are past
    found = occurrences(times, first, first + LOOKED_AHEAD, limit=DATES * 8)
    keys = _keys(proposal.hosts, viewer)
    own = [one for one in found if one.part == "event"][:DATES]
    return [Slot(one.starts_at, one.ends_at, proposal, proposal.region, keys) for one in own]


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min)


def _keys(organisations: Iterable[Organisation], viewer: Viewer) -> frozenset[int]:
    """Only of organisations whose name the person knows: else a conflict would link one that is hidden."""
    return frozenset(one.pk for one in organisations if may_see_name(viewer, one))


def _gathers(event: Event) -> bool:
    return event.kind != EventKind.DEADLINE and event.state != EventState.CANCELLED


def _hosts() -> "Prefetch[str]":
    hosts = CoHost.objects.filter(state=Consent.CONSENTED).select_related("organisation")
    return Prefetch("co_hosts", queryset=hosts.order_by("id"), to_attr="consented")


def _taken(
    user: User, viewer: Viewer, proposal: Proposal, first: datetime.datetime, last: datetime.datetime
) -> list[Slot]:
    events = _with_what_is_told(between(events_for(user), first, last))
    events = events.exclude(pk=proposal.event) if proposal.event is not None else events
    slots = [
        slot for event in events if _gathers(event) for slot in _slots_of_event(event, viewer, first, last)
    ]
    slots += [_slot_of_partner(row) for row in partner_times_for(user, None, first, last)]
    slots += [
        Slot(row.starts_at, row.ends_at, row, row.region, reason=Reason.SITTING)
        for row in sittings_between(sittings_for(user), first, last)
    ]
    return slots


def _with_what_is_told(events: "QuerySet[Event]") -> "QuerySet[Event]":
    words = EventText.objects.defer("text", "component")
    rows = events.select_related("workspace", "organisation")
    return rows.prefetch_related(Prefetch("texts", queryset=words), "exceptions", _hosts())


def _slots_of_event(
    event: Event, viewer: Viewer, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Slot]:
    if event.run_from and event.all_day:
        return  # open over days, without an opening
    times = times_of(event) if event.frequency else None
    keys = _keys(hosts_of(event), viewer)
    if times is None:
        yield Slot(event.starts_at, event.ends_at, event, event.region, keys)
        return
    for one in occurrences(times, first, last):
        yield Slot(one.starts_at, one.ends_at, event, event.region, keys)


def _slot_of_partner(row: PartnerBusy) -> Slot:
    keys = frozenset({row.organisation.pk})
    return Slot(row.starts_at, row.ends_at, row, row.region, keys, Reason.PARTNER)


def _holidays(mine: Sequence[Slot], zone: ZoneInfo) -> list[Conflict]:
    days = dict.fromkeys(one.starts_at.astimezone(zone).date() for one in mine)
    found = ((day, holiday_on(day)) for day in days)
    return [told_of_holiday(day, holiday) for day, holiday in found if holiday is not None]
