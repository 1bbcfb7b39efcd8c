"""What the members' calendar shows between two days: one list of things that happen, already in words.

Month, week and agenda are drawn from it. Times are those of the site's zone; an event elsewhere says its
own as well. The number of queries does not follow the number of events.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.partners.models import User
from coalition.partners.naming import Viewer, display_name_for
from coalition.partners.regions import REGIONS
from coalition.workspaces.models import Workspace
from events.domain.times import times_of
from events.enums import EventKind, EventState
from events.facts import Times
from events.models import Event, EventText
from events.month import Entry, Look, Named, Stretch
from events.occurrences import DAY, Occurrence, occurrences
from events.queries.events import between, text_in
from events.queries.partner_calendars import PartnerBusy, partner_times_for


@dataclass(frozen=True)
class Happening:
    """Something on one day. `begins` and `ends` are in words, empty for a whole day or a day in between."""

    on: datetime.date
    at: datetime.datetime
    title: str
    look: Look
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
class Span:
    """Everything between two days, both included."""

    first: datetime.date
    last: datetime.date
    happenings: tuple[Happening, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    names: tuple[Named, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def entries(self) -> Iterator[Entry]:
        """As the month draws them."""
        for one in self.happenings:
            yield Entry(
                on=one.on,
                title=one.title,
                look=one.look,
                time=one.begins,
                url=one.url,
                about=", ".join(filter(None, [one.kind, *_states(one)])),
                cancelled=one.cancelled,
            )


@dataclass(frozen=True)
class AgendaDay:
    """A day of the agenda with all that is on it."""

    date: datetime.date
    happenings: tuple[Happening, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    names: tuple[Named, ...] = ()
    today: bool = False

    @property
    def anchor(self) -> str:
        return f"day-{self.date.isoformat()}"

    @property
    def is_empty(self) -> bool:
        return not (self.happenings or self.stretches or self.names)


@dataclass(frozen=True)
class Asking:
    """Who asks for which days, and what of them: `events` come from `queries`."""

    user: User
    viewer: Viewer
    events: QuerySet[Event]
    first: datetime.date
    last: datetime.date
    workspaces: Collection[Workspace] | None = None
    partners: bool = True
    marked: Mapping[int, str] = field(default_factory=dict)

    @property
    def begins(self) -> datetime.datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime.datetime:
        return _midnight(self.last + DAY)


def gather(asking: Asking) -> Span:
    """All that happens: events, opening hours, partners' times."""
    events = list(_with_what_a_day_shows(between(asking.events, asking.begins, asking.ends)))
    prefetch_related_objects([one for one in events if one.run_from], "hours", "special_days")
    happenings: list[Happening] = []
    stretches: list[Stretch] = []
    language = get_language() or ""
    for event in events:
        text, times = text_in(event, language), times_of(event, language)
        hours: dict[datetime.date, list[str]] = {}
        for one in occurrences(times, asking.begins, asking.ends):
            if one.part == "hours":
                hours.setdefault(one.local_start.date(), []).append(_hours(one))
            else:
                happenings += _of_event(event, text, times, one, asking)
        stretches += [
            Stretch(day, str(event.pk), text.title, ", ".join(spans), event.get_absolute_url())
            for day, spans in hours.items()
        ]
    if asking.partners:
        busy = partner_times_for(asking.user, asking.workspaces, asking.begins, asking.ends)
        happenings += [one for row in busy for one in _of_partner(row, asking)]
    inside = [one for one in happenings if asking.first <= one.on <= asking.last]
    inside.sort(key=lambda one: (one.on, bool(one.begins), one.at, one.title))
    return Span(asking.first, asking.last, tuple(inside), tuple(stretches), events=tuple(events))


def agenda_of(span: Span, *, today: datetime.date) -> list[AgendaDay]:
    """The days of the span that have something, and what."""
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


def _with_what_a_day_shows(events: QuerySet[Event]) -> QuerySet[Event]:
    words = EventText.objects.defer("text", "component")
    return events.select_related("workspace", "organisation").prefetch_related(
        Prefetch("texts", queryset=words), "exceptions", "audience_times"
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
    """Short enough for a line in the month: “11–19”, “11–13:30”."""
    ends = [f"{end:%-H}" if end.minute == 0 else f"{end:%-H:%M}" for end in (one.local_start, one.local_end)]
    return "–".join(ends)


def _of_event(
    event: Event, text: EventText, times: Times, one: Occurrence, asking: Asking
) -> Iterator[Happening]:
    """The occurrence on each of its days; its times stand where it begins and where it ends."""
    if one.all_day:  # days on the wall of its place: no zone moves them
        first, last = one.local_start.date(), (one.local_end - DAY).date()
    else:
        begins, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        first, last = begins.date(), max(begins, ends - datetime.timedelta(seconds=1)).date()
    look = _look_of(event, asking)
    state = EventState(event.state)
    for day in _days(max(first, asking.first), min(last, asking.last)):
        yield Happening(
            on=day,
            at=one.starts_at,
            title=text.title,
            look=look,
            begins="" if one.all_day or day != first else _clock(begins),
            ends="" if one.all_day or day != last or one.ends_at == one.starts_at else _clock(ends),
            url=event.get_absolute_url(),
            kind=str(EventKind(event.kind).label),
            place=_place(event, text),
            notes=tuple(_notes(event, times, one, asking)),
            public=event.is_public,
            planned=state == EventState.PLANNED,
            moved=state == EventState.MOVED,
            cancelled=state == EventState.CANCELLED,
            event=event.pk,
        )


def _look_of(event: Event, asking: Asking) -> Look:
    if event.pk in asking.marked:
        return Look.CONFLICT
    if event.kind == EventKind.DEADLINE:
        return Look.DEADLINE
    return Look.PUBLIC if event.is_public else Look.INTERNAL


def _place(event: Event, text: EventText) -> str:
    region = str(REGIONS.get(event.region, ""))
    place = ", ".join(filter(None, [text.place, region]))
    return place or (str(_("Online")) if event.online_link else "")


def _notes(event: Event, times: Times, one: Occurrence, asking: Asking) -> Iterator[str]:
    if event.pk in asking.marked:
        yield asking.marked[event.pk]
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


def _of_partner(row: PartnerBusy, asking: Asking) -> Iterator[Happening]:
    """A partner's time: its title, or only that the partner is busy."""
    name = display_name_for(asking.viewer, row.organisation)
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    if row.all_day:
        zone = ZoneInfo(row.zone)
        begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    last = max(begins, ends - datetime.timedelta(seconds=1)).date()
    for day in _days(max(begins.date(), asking.first), min(last, asking.last)):
        yield Happening(
            on=day,
            at=row.starts_at,
            title=row.title or _("Busy: %(organisation)s") % {"organisation": name},
            look=Look.PARTNER,
            begins="" if row.all_day or day != begins.date() else _clock(begins),
            ends="" if row.all_day or day != last else _clock(ends),
            kind=_("Partner’s calendar"),
            place=", ".join(filter(None, [row.place, str(REGIONS.get(row.region, ""))])),
            notes=(name,) if row.title else (),
        )


def _states(one: Happening) -> Iterator[str]:
    """What the look of an entry says, for the ear."""
    if one.cancelled:
        yield _("cancelled")
    elif one.planned:
        yield _("planned")
    elif one.public:
        yield _("public")
    if one.look == Look.CONFLICT:
        yield _("conflict of dates")
