"""What is told of an event, free of database and viewer: what the calendar, the pages and the intake share.

Times are what people mean: local, naive, with the name of their zone. A whole day is a `date`.
"""

import datetime
from dataclasses import dataclass, field

from events.core.enums import EventKind, EventState, Frequency

type Local = datetime.datetime | datetime.date  # naive datetime, or a date for whole days


@dataclass(frozen=True)
class Rule:
    """How an event comes again. `until` is the last local date on which one may begin; None: no end."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()  # of Weekday, only with WEEKLY; empty: the weekday of the start
    until: datetime.date | None = None


@dataclass(frozen=True)
class Moved:
    """One occurrence that begins elsewhere: `original` is the date by the rule, `to` its new local start."""

    original: datetime.date
    to: Local


@dataclass(frozen=True)
class Opening:
    """Weekly hours of a run: open on these weekdays (of Weekday) from `opens` to `closes`, local."""

    weekdays: tuple[int, ...]
    opens: datetime.time
    closes: datetime.time


@dataclass(frozen=True)
class Special:
    """Days of a run that differ, both ends included: closed when `opens` is None. `why` in words."""

    first: datetime.date
    last: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    why: str = ""


@dataclass(frozen=True)
class Run:
    """Days on which something is open, both ends included, with the hours of the week and what differs."""

    first: datetime.date
    last: datetime.date
    openings: tuple[Opening, ...] = ()
    specials: tuple[Special, ...] = ()


@dataclass(frozen=True)
class Times:
    """When: the event's own time, how it comes again, and the days it is open.

    `end` is exclusive for whole days (as DTEND is): the day after the last. With a run, a whole day is no
    time of its own (there is no opening): then only the hours are told.
    """

    zone: str
    start: Local
    end: Local
    rule: Rule | None = None
    left_out: tuple[datetime.date, ...] = ()
    also: tuple[datetime.date, ...] = ()
    moved: tuple[Moved, ...] = ()
    run: Run | None = None

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime.datetime)

    @property
    def has_own_time(self) -> bool:
        """Whether `start` and `end` are told as such: not if something only is open over its run."""
        return self.run is None or not self.all_day


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks there and agreed to be named, as they want to be written."""

    name: str
    role: str = ""


@dataclass(frozen=True)
class Facts:
    """An event in one language, as one audience may know it. Names are already those that may be told.

    `uid` is stable and belongs to the event (`<uuid>@<host>`); opening hours hang their own on it.
    `url`, `online`, `picture` are absolute addresses or empty. `address_held`: the place is for the confirmed
    alone, and `place` is the region. `changed_at`, `created_at` are aware UTC.
    """

    uid: str
    kind: EventKind
    state: EventState
    language: str
    title: str
    times: Times
    changed_at: datetime.datetime
    created_at: datetime.datetime
    sequence: int = 0
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""
    region: str = ""  # ISO 3166-2
    url: str = ""
    map_link: str = ""
    address_held: bool = False
    online: str = ""
    picture: str = ""
    organisers: tuple[str, ...] = field(default_factory=tuple)  # the planning organisation first
    speakers: tuple[Speaker, ...] = ()
    private: bool = False  # not public: CLASS:CONFIDENTIAL
