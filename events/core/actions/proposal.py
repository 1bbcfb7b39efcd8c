"""What people propose when they plan or change an event: plain values, before anything is checked."""

import datetime
from dataclasses import dataclass

from events.core.enums import GettingIn
from events.core.facts import Rule

ALMATY = "Asia/Almaty"


@dataclass(frozen=True)
class Words:
    """The words of an event in one language."""

    title: str = ""
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""


@dataclass(frozen=True)
class Planned:
    """When: local times in `zone`. Without `starts_at_time` whole days, `ends_on` the last of them.

    Without `ends_on` it ends on the day on which it begins, without `ends_at_time` when it begins. With
    `run_from` and `run_until` something is open over days; then whole days have no time of their own.
    """

    starts_on: datetime.date
    starts_at_time: datetime.time | None = None
    ends_on: datetime.date | None = None
    ends_at_time: datetime.time | None = None
    zone: str = ALMATY
    run_from: datetime.date | None = None
    run_until: datetime.date | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Place:
    """Where, beside the words: what is the same in every language."""

    region: str = ""
    map_link: str = ""
    step_free: GettingIn = GettingIn.UNKNOWN
    online_link: str = ""


@dataclass(frozen=True)
class Hours:
    """Open on a weekday from `opens` to `closes`; two on one day are a break at noon."""

    weekday: int
    opens: datetime.time
    closes: datetime.time


@dataclass(frozen=True)
class Special:
    """Days that differ, both ends included; closed without times. `why` in words per language."""

    first: datetime.date
    last: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    why: tuple[tuple[str, str], ...] = ()  # (language, words)
