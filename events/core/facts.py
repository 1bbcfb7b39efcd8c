"""Facts of an event, free of database and viewer, shared by calendar, pages and import.

Times are local and naive, with the name of their zone. A whole day is a `date`.
"""

import datetime
from dataclasses import dataclass, field

from events.core.enums import EventKind, EventState, Frequency, GettingIn

type LocalTime = datetime.datetime | datetime.date  # naive datetime, or a date for whole days


@dataclass(frozen=True)
class RecurrenceRule:
    """Recurrence rule. `until` is the last local date on which one may begin; None: no end."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()  # of Weekday, only with WEEKLY; empty: the weekday of the start
    until: datetime.date | None = None


@dataclass(frozen=True)
class MovedOccurrence:
    """A moved occurrence: `original` is the date by the rule, `to` its new local start."""

    original: datetime.date
    to: LocalTime


@dataclass(frozen=True)
class WeeklyHours:
    """Weekly hours of a run: open on these weekdays (of Weekday) from `opens` to `closes`, local."""

    weekdays: tuple[int, ...]
    opens: datetime.time
    closes: datetime.time


@dataclass(frozen=True)
class SpecialHours:
    """Special days of a run, both ends included: closed when `opens` is None. `why`: a text."""

    first: datetime.date
    last: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    why: str = ""


@dataclass(frozen=True)
class Run:
    """Days of a run, both ends included, with weekly hours and special days."""

    first: datetime.date
    last: datetime.date
    openings: tuple[WeeklyHours, ...] = ()
    specials: tuple[SpecialHours, ...] = ()


@dataclass(frozen=True)
class EventTimes:
    """Own time, recurrence and run of an event.

    `end` is exclusive for whole days (as DTEND is): the day after the last. With a run, a whole day
    is no own time (there is no opening): only the hours count.
    """

    zone: str
    start: LocalTime
    end: LocalTime
    rule: RecurrenceRule | None = None
    left_out: tuple[datetime.date, ...] = ()
    also: tuple[datetime.date, ...] = ()
    moved: tuple[MovedOccurrence, ...] = ()
    run: Run | None = None

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime.datetime)

    @property
    def has_own_time(self) -> bool:
        """Whether `start` and `end` are times of their own, not only the bounds of a run."""
        return self.run is None or not self.all_day


@dataclass(frozen=True)
class NamedSpeaker:
    """A speaker who agreed to be named, as they want to be written."""

    name: str
    role: str = ""


@dataclass(frozen=True)
class VenueFacts:
    """The properties of `models.Venue`, under the same names."""

    region: str = ""  # ISO 3166-2
    map_link: str = ""
    step_free: GettingIn = GettingIn.UNKNOWN
    online_link: str = ""


@dataclass(frozen=True)
class EventFacts:
    """An event in one language for one audience. Contains only names that may be disclosed.

    `uid` is stable and belongs to the event (`<uuid>@<host>`); opening hours append their own.
    `url`, `online`, `picture` are absolute URLs or empty. `address_held`: the address is for
    confirmed people only, `place` is the region, and `venue` is without what would disclose it.
    `changed_at`, `created_at` are aware UTC.
    """

    uid: str
    kind: EventKind
    state: EventState
    language: str
    title: str
    times: EventTimes
    changed_at: datetime.datetime
    created_at: datetime.datetime
    sequence: int = 0
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""
    url: str = ""
    address_held: bool = False
    venue: VenueFacts = VenueFacts()
    picture: str = ""
    organisers: tuple[str, ...] = field(default_factory=tuple)  # the planning organisation first
    speakers: tuple[NamedSpeaker, ...] = ()
    private: bool = False  # not public: CLASS:CONFIDENTIAL

    @property
    def region(self) -> str:
        return self.venue.region

    @property
    def online(self) -> str:
        return self.venue.online_link
