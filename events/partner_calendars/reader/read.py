"""Reading a partner's calendar: from bytes to events, the good ones and those set aside with the reason.

Runs in a process of its own (`child`), which may be stopped at any moment.
"""

import contextlib
import datetime
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from events.partner_calendars.reader.expand import Horizon, Part, Time, expand, part_of
from events.partner_calendars.reader.parser import MOST_EVENTS, Block, cut, decode
from events.partner_calendars.reader.rejected import NotRead, SetAside, Values
from events.partner_calendars.reader.text import Words, check_signs, words_of
from events.partner_calendars.reader.timezones import Zones

MOST_TIMES_IN_ALL: Final = 60_000
LONGEST_UID: Final = 255

EDITION: Final = 2  # of what is read of an event: a higher number replaces what was kept before

type Facts = dict[str, str | int | bool]


@dataclass(frozen=True)
class Options:
    """`zone`: of times that name none, unless the calendar says. `words`: false keeps when, not what."""

    zone: str
    first: datetime.datetime
    last: datetime.datetime
    words: bool = True
    charset: str = ""


@dataclass
class ReadEvent:
    """An event, or those of its occurrences that have words of their own; `reason` if it is set aside."""

    uid: str
    recurrence_id: str = ""
    words: Words = field(default_factory=Words)
    facts: Facts = field(default_factory=dict)
    times: list[Time] = field(default_factory=list)
    reason: Values = field(default_factory=dict)
    digest: str = ""


class Reading:
    """One reading. `total` groups of events will come; after them, `problem` says what was left out.

    `each`: a limit around what one event may take. `is_over`: whether the time of all is used up.
    Raises NotRead if the calendar as a whole cannot be read.
    """

    def __init__(
        self,
        content: bytes,
        options: Options,
        *,
        each: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._options, self._each, self._is_over = options, each, is_over
        self._parts = cut(decode(content, options.charset))
        if not self._parts.events and not self._parts.ended:
            raise NotRead("cut_short")
        self._zones = Zones(self._parts.zones, preferred=options.zone, first=options.first, last=options.last)
        with self._each():
            self._floating = self._floating_zone()
        self._horizon = Horizon(options.first, options.last)
        self._used: dict[tuple[str, str], int] = {}
        self._times = self._outside = 0
        self._groups: dict[str, list[Block]] = {}
        for block in self._parts.events:
            self._groups.setdefault(_uid(block), []).append(block)
        self.total = len(self._groups)

    def groups(self) -> Iterator[list[ReadEvent]]:
        """Group by group, what each UID holds; empty if nothing of it is within the horizon."""
        for uid, blocks in self._groups.items():
            yield [self._once(event) for event in self._group(uid, blocks)]

    @property
    def problem(self) -> Values:
        """What the reader of the calendar's page should know of the whole; empty if nothing."""
        if self._parts.more:
            return {"code": "too_many_events", "limit": MOST_EVENTS, "more": self._parts.more}
        if not self._parts.events:
            return {"code": "no_events"}
        return {"code": "outside", "count": self._outside} if self._outside else {}

    def _group(self, uid: str, blocks: list[Block]) -> Iterator[ReadEvent]:
        """The good ones first: they keep their UID as it is."""
        master, changed, aside = None, [], []
        for block in sorted(blocks, key=_newest_first):
            try:
                if self._is_over():
                    raise SetAside("took_too_long")
                part = self._part(block)
            except SetAside as reason:
                aside.append(self._aside(uid, block, reason))
                continue
            if block.value("RECURRENCE-ID"):
                changed.append(part)
            elif master is None:
                master = part
            else:
                aside.append(self._aside(uid, block, SetAside("duplicate_uid")))
        yield from self._of_parts(uid, master, changed)
        yield from aside

    def _of_parts(self, uid: str, master: Part | None, changed: list[Part]) -> Iterator[ReadEvent]:
        if master is None:  # invited to some occurrences only
            for part in changed:
                yield from self._whole(uid, part, [])
        else:
            yield from self._whole(uid, master, _once_each(changed))

    def _whole(self, uid: str, master: Part, changed: list[Part]) -> Iterator[ReadEvent]:
        try:
            self._check(master)
            with self._each():
                expand(master, changed, self._horizon)
            self._times += sum(len(part.times) for part in [master, *changed])
            if self._times > MOST_TIMES_IN_ALL:
                raise SetAside("too_many_in_all", limit=MOST_TIMES_IN_ALL)
            read = self._by_words(uid, master, changed)
        except SetAside as reason:
            yield self._aside(uid, master.block, reason)
        except Exception:  # noqa: BLE001  whatever a hostile event breaks: the others are kept
            yield self._aside(uid, master.block, SetAside("broken"))
        else:
            self._outside += not read
            yield from read

    def _check(self, part: Part) -> None:
        if part.cancelled:
            raise SetAside("cancelled")
        if not self._options.words and part.block.value("TRANSP").upper() == "TRANSPARENT":
            raise SetAside("takes_no_time")

    def _part(self, block: Block) -> Part:
        if block.broken:
            raise SetAside(block.broken)
        check_signs(block)
        try:
            with self._each():
                return part_of(block, find=self._zone, floating=self._floating)
        except (ValueError, OverflowError) as error:
            raise SetAside("broken") from error

    def _by_words(self, uid: str, master: Part, changed: list[Part]) -> list[ReadEvent]:
        """One for the event; occurrences that others know by other words stand by themselves."""
        digest = _digest([master, *changed], self._options)
        own = self._event(uid, master, digest)
        read = [own]
        for part in changed:
            words = self._words(part.block)
            if (words.title, words.place) == (own.words.title, own.words.place):
                own.times.extend(part.times)
            elif part.times:
                which = part.block.value("RECURRENCE-ID")[:40]
                read.append(self._event(uid, part, digest, recurrence_id=which))
        own.times.sort(key=lambda time: time.starts_at)
        return [event for event in read if event.times]

    def _event(self, uid: str, part: Part, digest: str, recurrence_id: str = "") -> ReadEvent:
        words = self._words(part.block)
        facts: Facts = {
            "start": part.start.isoformat(),
            "end": part.end.isoformat(),
            "zone": _zone_name(part.wall.zone),
            "all_day": part.wall.all_day,
            "rule": part.block.value("RRULE")[:400],
            "text": words.text,
        }
        recurrence_id = recurrence_id or part.block.value("RECURRENCE-ID")[:40]
        return ReadEvent(uid, recurrence_id, words, facts, list(part.times), digest=digest)

    def _aside(self, uid: str, block: Block, reason: SetAside) -> ReadEvent:
        try:
            words = self._words(block) if reason.code not in {"control_characters", "too_long"} else Words()
        except Exception:  # noqa: BLE001  its words may be what is broken
            words = Words()
        title = words.title.replace("\0", "").replace("\ufffd", "?")
        digest = hashlib.sha256(repr((uid, reason.as_json())).encode(errors="replace")).hexdigest()
        which = block.value("RECURRENCE-ID").replace("\0", "")[:40]
        aside = ReadEvent(uid, which, Words(title=title), reason=reason.as_json(), digest=digest)
        aside.reason = {name: _told(value) for name, value in aside.reason.items()}
        return aside

    def _words(self, block: Block) -> Words:
        return words_of(block) if self._options.words else Words()

    def _once(self, event: ReadEvent) -> ReadEvent:
        """One row a UID and occurrence: what comes after under the same gets a number."""
        key = (event.uid, event.recurrence_id)
        self._used[key] = number = self._used.get(key, 0) + 1
        if number > 1:
            event.recurrence_id = f"{event.recurrence_id[:30]}~{number}"
        return event

    def _floating_zone(self) -> datetime.tzinfo:
        zone = self._parts.zone
        return (self._zones.find(zone) if zone else None) or ZoneInfo(self._options.zone)

    def _zone(self, name: str) -> datetime.tzinfo:
        found = self._zones.find(name)
        if found is None:
            raise SetAside("unknown_zone", zone=name[:60])
        return found


def _zone_name(zone: datetime.tzinfo) -> str:
    """Return the IANA name of a zone; "" of one that is known by its definition or offset alone."""
    return zone.key if isinstance(zone, ZoneInfo) else ""


def _uid(block: Block) -> str:
    """The UID as it is kept; one is made of the event where it has none, or too long a one."""
    uid = re.sub(r"[\0-\x1f\ufffd]", "", block.value("UID"))
    if uid and len(uid) <= LONGEST_UID:
        return uid
    text = uid or "".join(f"{line.name}{line.value}" for line in block.lines)
    return "made-" + hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _newest_first(block: Block) -> int:
    """Of several under one UID the highest SEQUENCE counts; among equals the first."""
    sequence = block.value("SEQUENCE")
    return -int(sequence) if re.fullmatch(r"\d{1,9}", sequence) else 0


def _once_each(changed: list[Part]) -> list[Part]:
    """One change of an occurrence: the newest, which comes first."""
    kept: dict[str, Part] = {}
    for part in changed:
        kept.setdefault(part.block.value("RECURRENCE-ID"), part)
    return list(kept.values())


def _digest(parts: list[Part], options: Options) -> str:
    """Changes with everything that is kept of an event."""
    names = () if options.words else ("SUMMARY", "LOCATION", "DESCRIPTION")
    lines = [
        (line.name, line.params, line.value)
        for part in parts
        for line in part.block.lines
        if line.name not in names
    ]
    told = [(str(part.wall.zone), part.cancelled) for part in parts]
    return hashlib.sha256(repr((EDITION, lines, told)).encode(errors="replace")).hexdigest()


def _told(value: str | int) -> str | int:
    return value.replace("\0", "").replace("\ufffd", "?") if isinstance(value, str) else value
