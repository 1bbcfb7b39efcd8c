"""Reader of a partner's calendar: from bytes to events, valid ones and rejected ones with a reason.

Runs in a separate process (`worker`), which may be stopped at any moment.

Worker process that reads a calendar: sets limits, then prints JSON lines, one per group of events.

Called as `python -m events.partner_calendars.reader.worker`; options and bytes come by standard input. No
database access.
"""

import contextlib
import dataclasses
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from events.partner_calendars.reader.expand import EventPart, Horizon, OccurrenceTime, expand, read_event_part
from events.partner_calendars.reader.local_times import Zones
from events.partner_calendars.reader.parser import (
    MOST_EVENTS,
    EventBlock,
    NotRead,
    PartnerEventTexts,
    ReasonValues,
    SetAside,
    check_text_characters,
    decode_calendar,
    read_event_texts,
    split_calendar,
)

MOST_TIMES_IN_ALL: Final = 60_000
LONGEST_UID: Final = 255
EDITION: Final = 2  # of the stored form of an event: a higher number replaces earlier ones
type ReadFacts = dict[str, str | int | bool]


@dataclass(frozen=True)
class ReadOptions:
    """`zone`: of times without one, unless the calendar sets it. `words`: false reads when, not what."""

    zone: str
    first: datetime.datetime
    last: datetime.datetime
    words: bool = True
    charset: str = ""


@dataclass
class ReadEvent:
    """An event, or those of its occurrences with texts of their own; `reason` if it is set aside."""

    uid: str
    recurrence_id: str = ""
    words: PartnerEventTexts = field(default_factory=PartnerEventTexts)
    facts: ReadFacts = field(default_factory=dict)
    times: list[OccurrenceTime] = field(default_factory=list)
    reason: ReasonValues = field(default_factory=dict)
    digest: str = ""


class CalendarReading:
    """One reading. Yields `total` groups of events; afterwards, `problem` tells what was left out.

    `each`: a limit on the time for one event. `is_over`: whether the total time is used up. Raises
    NotRead if the calendar as a whole cannot be read.
    """

    def __init__(
        self,
        content: bytes,
        options: ReadOptions,
        *,
        each: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._options, self._each, self._is_over = options, each, is_over
        self._parts = split_calendar(decode_calendar(content, options.charset))
        if not self._parts.events and not self._parts.ended:
            raise NotRead("cut_short")
        self._zones = Zones(self._parts.zones, preferred=options.zone, first=options.first, last=options.last)
        with self._each():
            zone = self._parts.zone
            self._floating = (self._zones.find(zone) if zone else None) or ZoneInfo(options.zone)
        self._horizon = Horizon(options.first, options.last)
        self._used: dict[tuple[str, str], int] = {}
        self._times = self._outside = 0
        self._groups: dict[str, list[EventBlock]] = {}
        for block in self._parts.events:
            self._groups.setdefault(_uid(block), []).append(block)
        self.total = len(self._groups)

    def groups(self) -> Iterator[list[ReadEvent]]:
        """Yield the events of each UID as a group; empty if none is within the horizon.

        UID and occurrence are unique: duplicates get a number.
        """
        for uid, blocks in self._groups.items():
            group = list(self._group(uid, blocks))
            for event in group:
                key = (event.uid, event.recurrence_id)
                self._used[key] = number = self._used.get(key, 0) + 1
                if number > 1:
                    event.recurrence_id = f"{event.recurrence_id[:30]}~{number}"
            yield group

    @property
    def problem(self) -> ReasonValues:
        """Return the message on the whole calendar for its page; empty if there is none."""
        if self._parts.more:
            return {"code": "too_many_events", "limit": MOST_EVENTS, "more": self._parts.more}
        if not self._parts.events:
            return {"code": "no_events"}
        return {"code": "outside", "count": self._outside} if self._outside else {}

    def _group(self, uid: str, blocks: list[EventBlock]) -> Iterator[ReadEvent]:
        """Yield the events of one UID; valid ones first, so they keep their UID."""
        master, changed, aside = None, [], []
        for block in sorted(blocks, key=_newest_first_key):
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
        if master is None:  # the calendar has only some occurrences
            for part in changed:
                yield from self._whole(uid, part, [])
        else:
            newest: dict[str, EventPart] = {}  # of the changes of one occurrence: it comes first
            for part in changed:
                newest.setdefault(part.block.value("RECURRENCE-ID"), part)
            yield from self._whole(uid, master, list(newest.values()))
        yield from aside

    def _whole(self, uid: str, master: EventPart, changed: list[EventPart]) -> Iterator[ReadEvent]:
        try:
            if master.cancelled:
                raise SetAside("cancelled")
            is_free = master.block.value("TRANSP").upper() == "TRANSPARENT"
            if is_free and not self._options.words:
                raise SetAside("takes_no_time")
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

    def _part(self, block: EventBlock) -> EventPart:
        if block.broken:
            raise SetAside(block.broken)
        check_text_characters(block)
        try:
            with self._each():
                return read_event_part(block, find=self._zone, floating=self._floating)
        except (ValueError, OverflowError) as error:
            raise SetAside("broken") from error

    def _by_words(self, uid: str, master: EventPart, changed: list[EventPart]) -> list[ReadEvent]:
        """Return one for the event, and one for each occurrence with a different title or place."""
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

    def _event(self, uid: str, part: EventPart, digest: str, recurrence_id: str = "") -> ReadEvent:
        words, zone = self._words(part.block), part.wall.zone
        facts: ReadFacts = {
            "start": part.start.isoformat(),
            "end": part.end.isoformat(),
            "zone": zone.key if isinstance(zone, ZoneInfo) else "",  # else known only by its offset
            "all_day": part.wall.all_day,
            "rule": part.block.value("RRULE")[:400],
            "text": words.text,
        }
        recurrence_id = recurrence_id or part.block.value("RECURRENCE-ID")[:40]
        return ReadEvent(uid, recurrence_id, words, facts, list(part.times), digest=digest)

    def _aside(self, uid: str, block: EventBlock, reason: SetAside) -> ReadEvent:
        try:
            words = (
                self._words(block)
                if reason.code not in {"control_characters", "too_long"}
                else PartnerEventTexts()
            )
        except Exception:  # noqa: BLE001  its words may be what is broken
            words = PartnerEventTexts()
        told: ReasonValues = {
            name: value.replace("\0", "").replace("\ufffd", "?") if isinstance(value, str) else value
            for name, value in reason.as_json().items()
        }
        title = words.title.replace("\0", "").replace("\ufffd", "?")
        digest = hashlib.sha256(repr((uid, reason.as_json())).encode(errors="replace")).hexdigest()
        which = block.value("RECURRENCE-ID").replace("\0", "")[:40]
        return ReadEvent(uid, which, PartnerEventTexts(title=title), reason=told, digest=digest)

    def _words(self, block: EventBlock) -> PartnerEventTexts:
        return read_event_texts(block) if self._options.words else PartnerEventTexts()

    def _zone(self, name: str) -> datetime.tzinfo:
        found = self._zones.find(name)
        if found is None:
            raise SetAside("unknown_zone", zone=name[:60])
        return found


def _uid(block: EventBlock) -> str:
    """Return the stored UID; derive one from the event if it has none, or one that is too long."""
    uid = re.sub(r"[\0-\x1f\ufffd]", "", block.value("UID"))
    if uid and len(uid) <= LONGEST_UID:
        return uid
    text = uid or "".join(f"{line.name}{line.value}" for line in block.lines)
    return "made-" + hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _newest_first_key(block: EventBlock) -> int:
    """Sort key for events of one UID: the highest SEQUENCE first; among equals file order."""
    sequence = block.value("SEQUENCE")
    return -int(sequence) if re.fullmatch(r"\d{1,9}", sequence) else 0


def _digest(parts: list[EventPart], options: ReadOptions) -> str:
    """Hash everything that is stored of an event."""
    names = () if options.words else ("SUMMARY", "LOCATION", "DESCRIPTION")
    lines = [
        (line.name, line.params, line.value)
        for part in parts
        for line in part.block.lines
        if line.name not in names
    ]
    told = [(str(part.wall.zone), part.cancelled) for part in parts]
    return hashlib.sha256(repr((EDITION, lines, told)).encode(errors="replace")).hexdigest()


# Wall-clock limit. The process has its own CPU limit of some seconds; a busy machine needs longer.
LONGEST: Final = 40.0
type ReaderMessage = dict[str, Any]


def read_calendar_in_process(content: bytes, options: ReadOptions) -> Iterator[ReaderMessage]:
    """Yield the output of the reading line by line: `total`, then each `group`, then the `problem`.

    Always ends with a `problem`, which is empty on success. `cut`: it was stopped before the end, so
    events it did not name may still be in the calendar.
    """
    head = dataclasses.asdict(options)
    head["first"], head["last"] = options.first.isoformat(), options.last.isoformat()
    child = subprocess.Popen(
        [sys.executable, "-m", "events.partner_calendars.reader.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    stop = threading.Timer(LONGEST, child.kill)
    stop.start()
    ended = False
    with child:  # closes its pipes
        try:
            assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018  pipes were asked for
            # It may have ended already: its output gives the reason, if any.
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(json.dumps(head).encode() + b"\n" + content)
                child.stdin.close()
            for line in child.stdout:
                said: ReaderMessage = json.loads(line)
                ended = "problem" in said
                yield said
        finally:
            stop.cancel()
            child.kill()
    if not ended:
        yield {"problem": {"code": "took_too_long"}, "cut": True}
