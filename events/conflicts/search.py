"""Search for date conflicts with other events, partners, sittings and public holidays.

Limited to what the person may see: trying dates, or the free times offered, cannot disclose a hidden event.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, may_see_name
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from events.conflicts.rules import DAYS_AHEAD, Reason, Slot, clashes_of, first_clashes, free_times
from events.conflicts.sittings import Conflict, describe_clash, sittings_between, sittings_for
from events.core.actions.times import times_of
from events.core.enums import Consent, EventKind, EventState
from events.core.facts import EventTimes
from events.core.models import CoHost, Event, EventText
from events.core.naming import hosts_of
from events.core.occurrences import DAY, holiday_on, occurrences, to_naive_datetime
from events.core.queries import events_between, events_for
from events.partner_calendars.models import PartnerTime
from events.partner_calendars.queries import partner_times_for

MAX_SEARCH_AHEAD = datetime.timedelta(days=366)  # for a recurring event
MAX_DATES = 60
MAX_CONFLICTS_SHOWN = 6


@dataclass(frozen=True)
class DateProposal:
    """A proposed time. `hosts` would host it; `event` is its key if it is planned already."""

    times: EventTimes
    kind: EventKind = EventKind.MEETING
    region: str = ""
    hosts: tuple[Organisation, ...] = ()
    event: int | None = None


@dataclass(frozen=True)
class ConflictReport:
    """Conflicts of a proposal (`more`: number not listed), and free times without any."""

    conflicts: tuple[Conflict, ...] = ()
    more: int = 0
    free: tuple[datetime.datetime, ...] = ()

    @property
    def is_loud(self) -> bool:
        return any(one.is_loud for one in self.conflicts)

    @property
    def digest(self) -> str:
        """Return a hash of these conflicts, by which a form confirms that they were seen."""
        words = "\n".join(f"{one.words} {one.when}" for one in self.conflicts) + str(self.more)
        return hashlib.sha256(words.encode()).hexdigest()[:16] if self.conflicts else ""


def find_conflicts(*, user: User, viewer: Viewer, proposal: DateProposal) -> ConflictReport:
    """Return the conflicts of the proposal that the person may see, and up to three free times.

    A deadline is no gathering: it conflicts with public holidays only. Opening hours never conflict.
    The number of queries is the same for any number of events.
    """
    zone = ZoneInfo(proposal.times.zone)
    mine = _slots_of(proposal, viewer)
    if not mine:
        return ConflictReport()
    days = dict.fromkeys(one.starts_at.astimezone(zone).date() for one in mine)
    found = []
    for day in days:
        if holiday := holiday_on(day):
            words = _("A public holiday: %(holiday)s.") % {"holiday": holiday.name}
            found.append(Conflict(Reason.HOLIDAY, words, day_in_words(day)))
    free: list[datetime.datetime] = []
    if proposal.kind != EventKind.DEADLINE:
        first, last = mine[0].starts_at - DAY, mine[-1].ends_at + (DAYS_AHEAD + 2) * DAY
        others = _occupied_slots(user, viewer, proposal, first, last)
        found = [*(describe_clash(one, viewer, zone) for one in clashes_of(mine, others)), *found]
        if found and not proposal.times.all_day:
            once = proposal.times.rule is None
            free = free_times(mine, others, zone=zone, not_before=now(), moves_days=once)
    more = max(len(found) - MAX_CONFLICTS_SHOWN, 0)
    return ConflictReport(tuple(found[:MAX_CONFLICTS_SHOWN]), more, tuple(free))


def conflicts_among(
    *,
    viewer: Viewer,
    events: Sequence[Event],
    busy: Iterable[PartnerTime],
    first: datetime.datetime,
    last: datetime.datetime,
) -> dict[tuple[int, datetime.datetime], Conflict]:
    """Return the first conflict of each time of these events with another one or with a partner.

    Keyed by the event's key and the start. Texts and exceptions must be prefetched; hosts are fetched here.
    """
    clashes = first_clashes(_slots_among(events, busy, viewer, first, last))
    return {
        (slot.thing.pk, slot.starts_at): describe_clash(clash, viewer, slot.thing.zone_info)
        for slot, clash in clashes.items()
        if isinstance(slot.thing, Event)
    }


def proposal_for(event: Event) -> DateProposal:
    """Return a planned event as a proposal."""
    asked = event.co_hosts.filter(state=Consent.ASKED).select_related("organisation")
    return DateProposal(
        times=times_of(event),
        kind=EventKind(event.kind),
        region=event.region,
        hosts=(*hosts_of(event), *(one.organisation for one in asked)),
        event=event.pk,
    )


def _slots_of(proposal: DateProposal, viewer: Viewer) -> list[Slot]:
    """Return the proposal's own times, without the opening hours of a run."""
    times = proposal.times
    begins = to_naive_datetime(times.start).replace(tzinfo=ZoneInfo(times.zone))
    first = begins - DAY if times.rule is None else max(begins - DAY, now())  # ignore past dates
    found = occurrences(times, first, first + MAX_SEARCH_AHEAD, limit=MAX_DATES * 8)
    keys = _visible_organisation_keys(proposal.hosts, viewer)
    own = [one for one in found if one.part == "event"][:MAX_DATES]
    return [Slot(one.starts_at, one.ends_at, proposal, proposal.region, keys) for one in own]


def _visible_organisation_keys(organisations: Iterable[Organisation], viewer: Viewer) -> frozenset[int]:
    """Return the keys of those whose name the person may know: a conflict would disclose others."""
    return frozenset(one.pk for one in organisations if may_see_name(viewer, one))


def _occupied_slots(
    user: User, viewer: Viewer, proposal: DateProposal, first: datetime.datetime, last: datetime.datetime
) -> list[Slot]:
    events = events_between(events_for(user), first, last).exclude(pk__in=[proposal.event])
    words = EventText.objects.defer("text", "component")
    events = events.select_related("workspace", "organisation").prefetch_related(
        Prefetch("texts", queryset=words), "exceptions"
    )
    sittings = sittings_between(sittings_for(user), first, last)
    return _slots_among(events, partner_times_for(user, first, last), viewer, first, last) + [
        Slot(row.starts_at, row.ends_at, row, row.region, reason=Reason.SITTING) for row in sittings
    ]


def _slots_among(
    events: Iterable[Event],
    busy: Iterable[PartnerTime],
    viewer: Viewer,
    first: datetime.datetime,
    last: datetime.datetime,
) -> list[Slot]:
    """Return the slots of events that take place, and of partners. One query, for hosts."""
    gathering = [
        one for one in events if one.kind != EventKind.DEADLINE and one.state != EventState.CANCELLED
    ]
    hosts = CoHost.objects.filter(state=Consent.CONSENTED).select_related("organisation")
    prefetch_related_objects(
        gathering, Prefetch("co_hosts", queryset=hosts.order_by("id"), to_attr="consented")
    )
    slots = [slot for event in gathering for slot in _slots_of_event(event, viewer, first, last)]
    for row in busy:
        keys = frozenset({row.calendar.organisation_id})
        slots.append(Slot(row.starts_at, row.ends_at, row, row.calendar.region, keys, Reason.PARTNER))
    return slots


def _slots_of_event(
    event: Event, viewer: Viewer, first: datetime.datetime, last: datetime.datetime
) -> Iterator[Slot]:
    if event.run_from and event.all_day:
        return  # a run without an opening
    keys = _visible_organisation_keys(hosts_of(event), viewer)
    for one in occurrences(times_of(event), first, last) if event.frequency else [event]:
        yield Slot(one.starts_at, one.ends_at, event, event.region, keys)
