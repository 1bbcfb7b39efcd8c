"""Presenters of the members' calendar: everything between two days in one formatted list.

Month, week and agenda are rendered from it, in the site's zone; an event in another zone also shows its own.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import UpcomingItem
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from events.conflicts.search import conflicts_among
from events.conflicts.sittings import Conflict, sittings_between, sittings_for
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import EventTimes
from events.core.formatting import with_region
from events.core.models import AudienceTime, Event, EventInvitation, EventText
from events.core.month_grid import EntryLook, GridEntry, GridStretch, NamedDay
from events.core.occurrences import DAY, Occurrence, holidays_between, occurrences
from events.core.queries import (
    events_between,
    events_for,
    seated_events_for,
    text_in,
    translated_text_expression,
)
from events.partner_calendars.models import PartnerTime
from events.partner_calendars.queries import partner_times_for

AHEAD = datetime.timedelta(days=14)  # on the dashboard

type ConflictsByTime = Mapping[tuple[int, datetime.datetime], Conflict]  # keyed by event and start


@dataclass(frozen=True, kw_only=True)
class CalendarEntry(GridEntry):
    """Entry on one day. `time` and `ends` are formatted, empty for a whole day or a day in between."""

    at: datetime.datetime
    ends: str = ""
    kind: str = ""
    place: str = ""
    notes: tuple[str, ...] = ()
    event: Event | None = None  # None: a partner's


@dataclass(frozen=True)
class CalendarSpan:
    """Everything between two days, both included."""

    first: datetime.date
    last: datetime.date
    happenings: list[CalendarEntry]
    stretches: list[GridStretch]
    names: list[NamedDay]
    clashing: list[dict[str, object]]  # events with a conflict: title, url, conflict


@dataclass(frozen=True)
class CalendarQuery:
    """Request parameters: user, days and scope (a workspace, `mine`, or all the user may see)."""

    user: User
    viewer: Viewer
    first: datetime.date
    last: datetime.date
    workspace: Workspace | None = None
    mine: QuerySet[Event] | None = None

    @property
    def begins(self) -> datetime.datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime.datetime:
        return _midnight(self.last + DAY)


def load_calendar_span(query: CalendarQuery) -> CalendarSpan:
    """Return everything in the span: events, opening hours, partners' times, sittings, holidays.

    Conflicts are those with anything that the person may see, including what this page leaves out.
    """
    seen = events_between(events_for(query.user), query.begins, query.ends)
    # Arrival times of speakers and crews are for organisers: people with a seat in the workspace.
    earlier = AudienceTime.objects.filter(event__workspace__in=workspaces_for(query.user))
    # Organisations are few, and decrypting their names is slow: load each once, not once per event.
    events = list(
        seen.prefetch_related(
            Prefetch("texts", queryset=EventText.objects.defer("text", "component")),
            "organisation",
            "exceptions",
            Prefetch("audience_times", queryset=earlier),
        )
    )
    busy = partner_times_for(query.user, query.begins, query.ends)
    found = conflicts_among(
        viewer=query.viewer, events=events, busy=busy, first=query.begins, last=query.ends
    )
    clashes = {key: conflict for key, conflict in found.items() if conflict.is_loud}
    if query.mine is not None:
        mine = set(events_between(query.mine, query.begins, query.ends).values_list("pk", flat=True))
        events = [one for one in events if one.pk in mine]
    elif query.workspace is not None:
        events = [one for one in events if one.workspace_id == query.workspace.pk]
        busy = [row for row in busy if row.calendar.workspace_id == query.workspace.pk]
    prefetch_related_objects([one for one in events if one.run_from], "hours", "special_days")
    happenings: list[CalendarEntry] = []
    stretches: list[GridStretch] = []
    for event in events:
        _add_event_entries(event, query, clashes, happenings, stretches)
    if query.mine is None:
        happenings += [one for row in busy for one in _partner_entries(row, query)]
    inside = [one for one in happenings if query.first <= one.on <= query.last]
    inside.sort(key=lambda one: (one.on, bool(one.time), one.at, one.title))
    return CalendarSpan(
        query.first,
        query.last,
        inside,
        stretches,
        list(_named_days(query)),
        list(_conflicting_events(events, clashes)),
    )


def _conflicting_events(events: list[Event], clashes: ConflictsByTime) -> Iterator[dict[str, object]]:
    """Yield each conflicting event that is not over with its first conflict."""
    first: dict[int, Conflict] = {}
    for (pk, _at), conflict in sorted(clashes.items(), key=lambda pair: pair[0][1]):
        first.setdefault(pk, conflict)
    for event in events:
        if event.pk in first and not (event.lasts_until is not None and event.lasts_until < now()):
            title = text_in(event, get_language() or "").title
            yield {"title": title, "url": event.get_absolute_url(), "conflict": first[event.pk]}


def _add_event_entries(
    event: Event,
    query: CalendarQuery,
    clashes: ConflictsByTime,
    happenings: list[CalendarEntry],
    stretches: list[GridStretch],
) -> None:
    """Append an event's occurrences to `happenings` and its opening hours to `stretches`."""
    language = get_language() or ""
    text, times = text_in(event, language), times_of(event, language)
    hours: dict[datetime.date, list[str]] = {}
    for one in occurrences(times, query.begins, query.ends):
        if one.part == "hours":
            ends = (one.local_start, one.local_end)
            words = "–".join(f"{end:%-H}" if end.minute == 0 else f"{end:%-H:%M}" for end in ends)
            hours.setdefault(one.local_start.date(), []).append(words)  # “11–19”, “11–13:30”
        else:
            clash = clashes.get((event.pk, one.starts_at))
            happenings += _event_entries(event, text, times, one, query, clash)
    if event.state == EventState.CANCELLED:
        return  # no opening hours
    stretches += [
        GridStretch(day, str(event.pk), text.title, ", ".join(spans), event.get_absolute_url())
        for day, spans in hours.items()
    ]


def _named_days(query: CalendarQuery) -> Iterator[NamedDay]:
    """Yield labelled days: public holidays, and sittings of parliaments, councils and courts."""
    if query.mine is not None:
        return  # the `mine` view lists neither
    for holiday in holidays_between(query.first, query.last):
        yield NamedDay(holiday.date, holiday.name)
    for row in sittings_between(sittings_for(query.user, query.workspace), query.begins, query.ends):
        begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
        for day, _starts, _stops in _days_of_time(query, begins, ends, all_day=False):
            yield NamedDay(day, row.body)


def agenda_of(span: CalendarSpan, *, today: datetime.date, month: int = 0) -> list[dict[str, Any]]:
    """Return the days of the span with their entries; with `month` only its own, runs on their first day."""
    days: list[dict[str, Any]] = []
    seen: set[str] = set()
    for day in _days(span.first, span.last):
        if month and day.month != month:
            continue
        stretches = [one for one in span.stretches if one.on == day and one.key not in seen]
        seen |= {one.key for one in stretches if month}
        entries = {
            "happenings": [one for one in span.happenings if one.on == day],
            "stretches": stretches,
            "names": [one for one in span.names if one.on == day],
        }
        about = {"date": day, "today": day == today, "anchor": f"day-{day.isoformat()}"}
        days.append(about | entries | {"is_empty": not any(entries.values())})
    return days


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    while first <= last:
        yield first
        first += DAY


def _days_of_time(
    query: CalendarQuery, begins: datetime.datetime, ends: datetime.datetime, *, all_day: bool
) -> Iterator[tuple[datetime.date, str, str]]:
    """Yield the days of the span that a time takes, with start and end on the days it begins and ends."""
    last = max(begins, ends - datetime.timedelta(seconds=1)).date()
    for day in _days(max(begins.date(), query.first), min(last, query.last)):
        starts = _clock(begins) if day == begins.date() and not all_day else ""
        yield day, starts, _clock(ends) if day == last and ends != begins and not all_day else ""


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _clock(moment: datetime.datetime | datetime.time) -> str:
    return formats.time_format(moment, "H:i")


def _event_entries(
    event: Event,
    text: EventText,
    times: EventTimes,
    one: Occurrence,
    query: CalendarQuery,
    clash: Conflict | None,
) -> Iterator[CalendarEntry]:
    """Yield the occurrence for each of its days; times only where it begins and ends."""
    begins, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    if one.all_day:  # local days at its place: not converted between zones
        begins, ends = one.local_start, one.local_end
    look = EntryLook.PUBLIC if event.is_public else EntryLook.INTERNAL
    if clash or event.kind == EventKind.DEADLINE:
        look = EntryLook.CONFLICT if clash else EntryLook.DEADLINE
    place = with_region("" if event.address_for_confirmed else text.place, event.region)
    kind, notes = str(EventKind(event.kind).label), tuple(_notes(event, times, one, clash))
    states = {EventState.CANCELLED: _("cancelled"), EventState.PLANNED: _("planned")}
    state = states.get(EventState(event.state), _("public") if event.is_public else "")
    about = (kind, state, _("conflict of dates") if clash else "")
    for day, starts, stops in _days_of_time(query, begins, ends, all_day=one.all_day):
        yield CalendarEntry(
            on=day,
            at=one.starts_at,
            title=text.title,
            look=look,
            time=starts,
            ends=stops,
            url=event.get_absolute_url(),
            kind=kind,
            about=", ".join(filter(None, about)),
            place=place or (_("Online") if event.online_link else ""),
            notes=notes,
            cancelled=event.state == EventState.CANCELLED,
            event=event,
        )
        notes = ()  # on the first day


def _notes(event: Event, times: EventTimes, one: Occurrence, clash: Conflict | None) -> Iterator[str]:
    if clash is not None:
        yield clash.words
    audiences = [
        _("%(audience)s %(time)s") % {"audience": row.get_audience_display(), "time": _clock(row.begins)}
        for row in event.audience_times.all()
    ]
    if audiences:
        yield " · ".join(audiences)
    here = timezone.localtime(one.starts_at).replace(tzinfo=None)
    if not one.all_day and one.local_start != here:
        city = ZoneInfo(times.zone).key.rsplit("/", 1)[-1].replace("_", " ")
        yield _("%(time)s in %(city)s") % {"time": _clock(one.local_start), "city": city}


def _partner_entries(row: PartnerTime, query: CalendarQuery) -> Iterator[CalendarEntry]:
    """Yield a partner's time: with its title, or only as busy."""
    name = display_name_for(query.viewer, row.calendar.organisation)
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    if row.all_day:
        zone = ZoneInfo(row.calendar.zone)
        begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    for day, starts, stops in _days_of_time(query, begins, ends, all_day=row.all_day):
        yield CalendarEntry(
            on=day,
            at=row.starts_at,
            title=row.title or _("Busy: %(organisation)s") % {"organisation": name},
            look=EntryLook.PARTNER,
            time=starts,
            ends=stops,
            kind=_("Partner’s calendar"),
            about=_("Partner’s calendar"),
            place=with_region(row.place, row.calendar.region),
            notes=(name,) if row.title else (),
        )


def events_coming(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Events of the next two weeks in the person's workspaces, and those they are invited to."""
    first = now()
    last = first + AHEAD
    invited = EventInvitation.objects.filter(person=user, withdrawn_at=None).values("event")
    near = Q(pk__in=seated_events_for(user).order_by().values("pk")) | Q(pk__in=invited)
    rows = events_between(events_for(user).filter(near), first, last).exclude(state=EventState.CANCELLED)
    language = get_language() or ""
    title, place = (translated_text_expression(language, field, event="pk") for field in ("title", "place"))
    rows = rows.select_related("workspace").prefetch_related("exceptions").annotate(title=title, place=place)
    events = list(rows)
    # Of most events there is nothing else to read: they are not open over days.
    prefetch_related_objects([event for event in events if event.run_from], "hours", "special_days")
    for event in events:
        for one in occurrences(times_of(event, language), first, last):
            if one.part != "event":
                continue
            yield UpcomingItem(
                at=timezone.localtime(one.starts_at),
                title=event.title,
                detail=with_region("" if event.address_for_confirmed else event.place, event.region),
                url=event.get_absolute_url(),
                public=event.is_public,
                all_day=one.all_day,
            )
