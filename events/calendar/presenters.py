"""Presenters of the members' calendar: everything between two days in one formatted list.

Month, week and agenda are rendered from it. Times are in the site's zone; an event in another
zone also shows its own. The number of queries does not depend on the number of events.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import UpcomingItem
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from events.conflicts.formatting import Conflict
from events.conflicts.search import conflicts_among
from events.conflicts.sittings import sittings_between, sittings_for
from events.core.actions.times import times_of
from events.core.enums import EventKind, EventState
from events.core.facts import EventTimes
from events.core.formatting import with_region
from events.core.holidays import holidays_between
from events.core.models import AudienceTime, Event, EventInvitation, EventText
from events.core.month_grid import EntryLook, GridEntry, GridStretch, NamedDay
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.queries import (
    events_between,
    events_for,
    seated_events_for,
    text_in,
    translated_text_expression,
)
from events.partner_calendars.queries import PartnerBusy, partner_times_for

AHEAD = datetime.timedelta(days=14)  # on the dashboard

type ConflictsByTime = Mapping[tuple[int, datetime.datetime], Conflict]  # keyed by event and start


@dataclass(frozen=True)
class CalendarEntry:
    """Entry on one day. `begins` and `ends` are formatted, empty for a whole day or a day in
    between."""

    on: datetime.date
    at: datetime.datetime
    title: str
    look: EntryLook
    begins: str = ""
    ends: str = ""
    url: str = ""
    kind: str = ""
    place: str = ""
    notes: tuple[str, ...] = ()
    public: bool = False
    planned: bool = False
    moved: bool = False
    cancelled: bool = False
    event: int = 0


@dataclass(frozen=True)
class CalendarSpan:
    """Everything between two days, both included."""

    first: datetime.date
    last: datetime.date
    happenings: tuple[CalendarEntry, ...] = ()
    stretches: tuple[GridStretch, ...] = ()
    names: tuple[NamedDay, ...] = ()
    clashing: tuple["ConflictingEvent", ...] = ()

    @property
    def entries(self) -> Iterator[GridEntry]:
        """Yield the entries as the month grid renders them."""
        for one in self.happenings:
            yield GridEntry(
                on=one.on,
                title=one.title,
                look=one.look,
                time=one.begins,
                url=one.url,
                about=", ".join(filter(None, [one.kind, *_state_labels(one)])),
                cancelled=one.cancelled,
            )


@dataclass(frozen=True)
class ConflictingEvent:
    """An event of the span with a conflict, and the conflict."""

    title: str
    url: str
    conflict: Conflict


@dataclass(frozen=True)
class AgendaDay:
    """A day of the agenda with its entries."""

    date: datetime.date
    happenings: tuple[CalendarEntry, ...] = ()
    stretches: tuple[GridStretch, ...] = ()
    names: tuple[NamedDay, ...] = ()
    today: bool = False

    @property
    def anchor(self) -> str:
        return f"day-{self.date.isoformat()}"

    @property
    def is_empty(self) -> bool:
        return not (self.happenings or self.stretches or self.names)


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


def load_calendar_span(asking: CalendarQuery) -> CalendarSpan:
    """Return everything in the span: events, opening hours, partners' times, sittings, holidays.

    Conflicts are those with anything that the person may see, including what this page leaves out.
    """
    seen = events_between(events_for(asking.user), asking.begins, asking.ends)
    events = list(_prefetch_for_entries(seen, asking.user))
    busy = partner_times_for(asking.user, None, asking.begins, asking.ends)
    found = conflicts_among(
        viewer=asking.viewer, events=events, busy=busy, first=asking.begins, last=asking.ends
    )
    clashes = {key: conflict for key, conflict in found.items() if conflict.is_loud}
    shown = _filter_events(events, asking)
    prefetch_related_objects([one for one in shown if one.run_from], "hours", "special_days")
    happenings: list[CalendarEntry] = []
    stretches: list[GridStretch] = []
    for event in shown:
        _add_event_entries(event, asking, clashes, happenings, stretches)
    if asking.mine is None:
        here = asking.workspace.uuid if asking.workspace else None
        rows = [row for row in busy if here in {None, row.workspace}]
        happenings += [one for row in rows for one in _partner_entries(row, asking)]
    inside = [one for one in happenings if asking.first <= one.on <= asking.last]
    inside.sort(key=lambda one: (one.on, bool(one.begins), one.at, one.title))
    clashing = tuple(_conflicting_events(shown, clashes))
    return CalendarSpan(
        asking.first, asking.last, tuple(inside), tuple(stretches), tuple(_named_days(asking)), clashing
    )


def _conflicting_events(events: list[Event], clashes: ConflictsByTime) -> Iterator[ConflictingEvent]:
    """Yield each conflicting event with its first conflict."""
    first: dict[int, Conflict] = {}
    for (pk, _at), conflict in sorted(clashes.items(), key=lambda pair: pair[0][1]):
        first.setdefault(pk, conflict)
    for event in events:
        if event.pk in first and not _is_over(event):
            title = text_in(event, get_language() or "").title
            yield ConflictingEvent(title, event.get_absolute_url(), first[event.pk])


def _filter_events(events: list[Event], asking: CalendarQuery) -> list[Event]:
    if asking.mine is not None:
        mine = set(events_between(asking.mine, asking.begins, asking.ends).values_list("pk", flat=True))
        return [one for one in events if one.pk in mine]
    if asking.workspace is not None:
        return [one for one in events if one.workspace_id == asking.workspace.pk]
    return events


def _add_event_entries(
    event: Event,
    asking: CalendarQuery,
    clashes: ConflictsByTime,
    happenings: list[CalendarEntry],
    stretches: list[GridStretch],
) -> None:
    """Append an event's occurrences to `happenings` and its opening hours to `stretches`."""
    language = get_language() or ""
    text, times = text_in(event, language), times_of(event, language)
    hours: dict[datetime.date, list[str]] = {}
    for one in occurrences(times, asking.begins, asking.ends):
        if one.part == "hours":
            hours.setdefault(one.local_start.date(), []).append(_hours(one))
        else:
            clash = clashes.get((event.pk, one.starts_at))
            happenings += _event_entries(event, text, times, one, asking, clash)
    if event.state == EventState.CANCELLED:
        return  # no opening hours
    stretches += [
        GridStretch(day, str(event.pk), text.title, ", ".join(spans), event.get_absolute_url())
        for day, spans in hours.items()
    ]


def _named_days(asking: CalendarQuery) -> Iterator[NamedDay]:
    """Yield labelled days: public holidays, and sittings of parliaments, councils and courts."""
    if asking.mine is not None:
        return  # the `mine` view lists neither
    for holiday in holidays_between(asking.first, asking.last):
        yield NamedDay(holiday.date, holiday.name)
    for row in sittings_between(sittings_for(asking.user, asking.workspace), asking.begins, asking.ends):
        begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
        last = max(begins, ends - datetime.timedelta(seconds=1)).date()
        for day in _days(max(begins.date(), asking.first), min(last, asking.last)):
            yield NamedDay(day, row.body)


def _is_over(event: Event) -> bool:
    return event.lasts_until is not None and event.lasts_until < now()


def agenda_of(span: CalendarSpan, *, today: datetime.date) -> list[AgendaDay]:
    """Return the days of the span that have entries, with these."""
    days: dict[datetime.date, AgendaDay] = {}
    for day in _days(span.first, span.last):
        found = AgendaDay(
            date=day,
            happenings=tuple(one for one in span.happenings if one.on == day),
            stretches=tuple(one for one in span.stretches if one.on == day),
            names=tuple(one for one in span.names if one.on == day),
            today=day == today,
        )
        days[day] = found
    return list(days.values())


def _prefetch_for_entries(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    words = EventText.objects.defer("text", "component")
    # Arrival times of speakers and crews are for organisers: people with a seat in the workspace.
    earlier = AudienceTime.objects.filter(event__workspace__in=workspaces_for(user))
    # Organisations are few, and decrypting their names is slow: load each once, not once per event.
    return events.prefetch_related(
        Prefetch("texts", queryset=words),
        "organisation",
        "exceptions",
        Prefetch("audience_times", queryset=earlier),
    )


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    while first <= last:
        yield first
        first += DAY


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _clock(moment: datetime.datetime | datetime.time) -> str:
    return formats.time_format(moment, "H:i")


def _hours(one: Occurrence) -> str:
    """Format hours to fit a line of the month: “11–19”, “11–13:30”."""
    ends = [f"{end:%-H}" if end.minute == 0 else f"{end:%-H:%M}" for end in (one.local_start, one.local_end)]
    return "–".join(ends)


def _event_entries(
    event: Event,
    text: EventText,
    times: EventTimes,
    one: Occurrence,
    asking: CalendarQuery,
    clash: Conflict | None,
) -> Iterator[CalendarEntry]:
    """Yield the occurrence for each of its days; times only where it begins and ends."""
    if one.all_day:  # local days at its place: not converted between zones
        first, last = one.local_start.date(), (one.local_end - DAY).date()
    else:
        begins, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        first, last = begins.date(), max(begins, ends - datetime.timedelta(seconds=1)).date()
    look = EntryLook.CONFLICT if clash else _look_of(event)
    state = EventState(event.state)
    days = list(_days(max(first, asking.first), min(last, asking.last)))
    for day in days:
        yield CalendarEntry(
            on=day,
            at=one.starts_at,
            title=text.title,
            look=look,
            begins="" if one.all_day or day != first else _clock(begins),
            ends="" if one.all_day or day != last or one.ends_at == one.starts_at else _clock(ends),
            url=event.get_absolute_url(),
            kind=str(EventKind(event.kind).label),
            place=_place(event, text),
            notes=tuple(_notes(event, times, one, clash)) if day == days[0] else (),
            public=event.is_public,
            planned=state == EventState.PLANNED,
            moved=state == EventState.MOVED,
            cancelled=state == EventState.CANCELLED,
            event=event.pk,
        )


def _look_of(event: Event) -> EntryLook:
    if event.kind == EventKind.DEADLINE:
        return EntryLook.DEADLINE
    return EntryLook.PUBLIC if event.is_public else EntryLook.INTERNAL


def _place(event: Event, text: EventText) -> str:
    place = with_region("" if event.address_for_confirmed else text.place, event.region)
    return place or (str(_("Online")) if event.online_link else "")


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


def _partner_entries(row: PartnerBusy, asking: CalendarQuery) -> Iterator[CalendarEntry]:
    """Yield a partner's time: with its title, or only as busy."""
    name = display_name_for(asking.viewer, row.organisation)
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    if row.all_day:
        zone = ZoneInfo(row.zone)
        begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    last = max(begins, ends - datetime.timedelta(seconds=1)).date()
    for day in _days(max(begins.date(), asking.first), min(last, asking.last)):
        yield CalendarEntry(
            on=day,
            at=row.starts_at,
            title=row.title or _("Busy: %(organisation)s") % {"organisation": name},
            look=EntryLook.PARTNER,
            begins="" if row.all_day or day != begins.date() else _clock(begins),
            ends="" if row.all_day or day != last else _clock(ends),
            kind=_("Partner’s calendar"),
            place=with_region(row.place, row.region),
            notes=(name,) if row.title else (),
        )


def _state_labels(one: CalendarEntry) -> Iterator[str]:
    """Yield the meaning of an entry's look, for screen readers."""
    if one.cancelled:
        yield _("cancelled")
    elif one.planned:
        yield _("planned")
    elif one.public:
        yield _("public")
    if one.look == EntryLook.CONFLICT:
        yield _("conflict of dates")


# --- the dashboard ---


def events_coming(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Events of the next two weeks in the person's workspaces, and those they are invited to."""
    first = now()
    last = first + AHEAD
    invited = EventInvitation.objects.filter(person=user, withdrawn_at=None).values("event")
    near = Q(pk__in=seated_events_for(user).order_by().values("pk")) | Q(pk__in=invited)
    rows = events_between(events_for(user).filter(near), first, last).exclude(state=EventState.CANCELLED)
    language = get_language() or ""
    title, place = (translated_text_expression(language, field, event="pk") for field in ("title", "place"))
    told = rows.select_related("workspace").prefetch_related("exceptions").annotate(title=title, place=place)
    events = list(told)
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
