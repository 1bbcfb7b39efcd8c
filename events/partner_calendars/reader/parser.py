"""Tokeniser of iCalendar bytes: encoding, folded lines, and where each event begins and ends.

Nothing is interpreted here, and every step takes time proportional to the size. A calendar is
split into its events first, so that a broken one does not affect others.

Limits of calendars that are read, and messages on what is not imported.

Expansion steps from the start of an event. The guard counts the steps that a rule can take until
the horizon, and rejects rules that take too many or have no end of their own within it.
"""

import binascii
import datetime
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now, gettext_lazy as _

from coalition.core.safe_fetch import FETCH_ERROR_MESSAGES as FETCHING

MAX_CALENDAR_BYTES: Final = 10 * 1024 * 1024  # bytes
MOST_LINES: Final = 1_000_000
MOST_EVENTS: Final = 10_000
MOST_ZONES: Final = 100
LONGEST_LINE: Final = 64 * 1024  # characters, unfolded
MOST_LINES_OF_EVENT: Final = 8_000
DEEPEST: Final = 6


# Properties read from an event. All others (attendees, alarms, attachments) are never stored.
WANTED_PROPERTIES: Final = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "TRANSP", "CLASS", "SEQUENCE"),
    }
)

_NAME = re.compile(r"[A-Za-z0-9-]+")
_END_OF_LINE = re.compile(r"\r\n|\n|\r")
_FOLDS: Final = (b"\r\n ", b"\r\n\t", b"\n ", b"\n\t", b"\r ", b"\r\t")
_QUOTED_PRINTABLE = re.compile(r"[^:]*\bQUOTED-PRINTABLE\b", re.IGNORECASE)


@dataclass
class PropertyLine:
    """A property: name, parameters and value as written."""

    name: str
    params: str
    value: str

    def param(self, name: str) -> str:
        """Return a parameter's value without quotes; empty if absent."""
        found = re.search(rf';{name}=("[^"]*"|[^;]*)', self.params, re.IGNORECASE)
        return found.group(1).strip('"') if found else ""


@dataclass
class EventBlock:
    """The wanted lines of one event, and the reason for rejecting it, if already known.

    `cancelled`: the enclosing calendar cancels all its events (METHOD:CANCEL, RFC 5546).
    """

    lines: list[PropertyLine] = field(default_factory=list)
    broken: str = ""
    cancelled: bool = False
    length: int = 0

    def first(self, name: str) -> PropertyLine | None:
        return next((line for line in self.lines if line.name == name), None)

    def all(self, name: str) -> list[PropertyLine]:
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str:
        line = self.first(name)
        return line.value.strip() if line else ""


@dataclass
class CalendarParts:
    """A split calendar. `zones`: the lines of its VTIMEZONEs by TZID. `more`: number of events left out.

    `ended`: END:VCALENDAR was found, so nothing was lost in transfer.
    """

    events: list[EventBlock] = field(default_factory=list)
    zones: dict[str, list[PropertyLine]] = field(default_factory=dict)
    zone: str = ""  # X-WR-TIMEZONE
    more: int = 0
    ended: bool = False


def decode_calendar(content: bytes, charset: str = "") -> str:
    """Decode the text and unfold its lines. UTF-8, UTF-16 and Kazakhstan's code page are recognised
    by content.

    Octets are unfolded before decoding: a line may be folded inside a character (RFC 5545, 3.1).
    `charset`: the server's, used if the text is not UTF-8. Raises NotRead.
    """
    if len(content) > MAX_CALENDAR_BYTES:
        raise NotRead("too_large", limit=MAX_CALENDAR_BYTES // 1024**2)
    if wide := _utf16(content):
        content = content.decode(wide, errors="replace").encode(errors="replace")
    content = content.removeprefix(b"\xef\xbb\xbf")
    for fold in _FOLDS:
        content = content.replace(fold, b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content, charset)


def _utf16(content: bytes) -> str:
    """Return the name of the UTF-16 encoding; empty if it is not UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:400]
    if head[1::2].count(0) > len(head) // 3 or head[::2].count(0) > len(head) // 3:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    return ""


def _not_utf8(content: bytes, charset: str) -> str:
    """Decode. Mostly UTF-8 with a few broken bytes stays UTF-8; anything else is a code page."""
    as_utf8 = content.decode("utf-8", errors="replace")
    good = sum(1 for sign in as_utf8 if sign > "\x7f" and sign != "\ufffd")
    if good >= as_utf8.count("\ufffd"):
        return as_utf8
    for name in (charset or "kz1048", "kz1048", "cp1251"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("cp1251", errors="replace")


def split_calendar(text: str) -> CalendarParts:
    """Split a calendar into its events and zones. Raises NotRead if it is no calendar."""
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES:
        raise NotRead("too_many_lines", limit=MOST_LINES)
    if "BEGIN:VCALENDAR" not in text[:4096].upper() and "BEGIN:VCALENDAR" not in text.upper():
        raise NotRead("not_a_calendar")
    cutter = _CalendarSplitter()
    for line in _logical_lines(text):
        cutter.take(line)
    cutter.close_unfinished_event()
    return cutter.parts


def _logical_lines(text: str) -> Iterator[str]:
    """Yield non-empty lines; quoted-printable (vCalendar 1.0) continues after a line ending in `=`."""
    lines = iter(_END_OF_LINE.split(text))
    for line in lines:
        if line.endswith("=") and _QUOTED_PRINTABLE.match(line[:200]):
            parts = [line[:-1]]
            for more in lines:
                parts.append(more.removesuffix("="))
                if not more.endswith("="):
                    break
            yield "".join(parts)
        elif line:
            yield line


def parse_property_line(text: str) -> PropertyLine | None:
    """Parse a logical line; return None if it is no property. Quoted parameters may contain `:` and `;`."""
    found = _NAME.match(text)
    if found is None:
        return None
    at, quoted = found.end(), False
    if text[at : at + 1] not in {";", ":"}:
        return None
    colon = at
    while colon < len(text) and (quoted or text[colon] != ":"):
        quoted ^= text[colon] == '"'
        colon += 1
    if colon == len(text):  # unterminated quote
        colon = text.find(":", at)
        if colon < 0:
            return None
    line = PropertyLine(found.group().upper(), text[at:colon], text[colon + 1 :])
    if _QUOTED_PRINTABLE.match(line.params):
        line.value = _from_quoted_printable(line.value, line.param("CHARSET") or "utf-8")
    return line


def _from_quoted_printable(value: str, charset: str) -> str:
    """Decode the text; `=` before another is a soft line break. Undecodable bytes become U+FFFD."""
    octets = binascii.a2b_qp(re.sub("=(?==)", "", value).encode(errors="replace"))
    try:
        return octets.decode(charset, errors="replace")
    except LookupError:
        return octets.decode(errors="replace")


class _CalendarSplitter:
    """Line-by-line parser with a stack of open components."""

    def __init__(self) -> None:
        self.parts = CalendarParts()
        self._stack: list[str] = []
        self._deeper = 0  # levels below DEEPEST are only counted
        self._event: EventBlock | None = None
        self._zone: list[PropertyLine] | None = None
        self._cancelled = False

    def take(self, text: str) -> None:
        head = text[:6].upper()
        if head == "BEGIN:":
            self._begin(text[6:].strip().upper()[:40])
        elif head.startswith("END:"):
            self._end(text[4:].strip().upper()[:40])
        elif self._event is not None:
            self._in_event(self._event, text)
        elif self._zone is not None and len(self._zone) < 400:
            if (line := parse_property_line(text[:LONGEST_LINE])) is not None:
                self._zone.append(line)
        elif head in {"X-WR-T", "METHOD"} and (line := parse_property_line(text[:200])) is not None:
            if line.name == "METHOD":
                self._cancelled = line.value.strip().upper() == "CANCEL"
            elif line.name == "X-WR-TIMEZONE":
                self.parts.zone = self.parts.zone or line.value.strip()

    def _begin(self, name: str) -> None:
        if name == "VEVENT":
            self.close_unfinished_event()
            self._zone, self._stack, self._deeper = None, [], 0
            self._event = EventBlock(cancelled=self._cancelled)
            return
        if name == "VCALENDAR":
            self._cancelled = False
        if self._event is None and name == "VTIMEZONE":
            self._zone, self._stack = [], []
            return
        if self._zone is not None and not self._stack:
            self._zone.append(PropertyLine("BEGIN", "", name))
        if len(self._stack) < DEEPEST:
            self._stack.append(name)
        else:
            self._deeper += 1
            if self._event is not None:
                self._event.broken = "nested"

    def _end(self, name: str) -> None:
        if name == "VEVENT" and self._event is not None:
            self._close_event()
        elif name == "VTIMEZONE" and self._zone is not None:
            name = next((line.value.strip() for line in self._zone if line.name == "TZID"), "")
            if name and len(self.parts.zones) < MOST_ZONES:
                self.parts.zones.setdefault(name, self._zone)
            self._zone, self._stack, self._deeper = None, [], 0
        elif name == "VCALENDAR":
            self.parts.ended = True
        elif self._deeper:
            self._deeper -= 1
        elif self._stack and self._stack[-1] == name:
            self._stack.pop()

    def _in_event(self, event: EventBlock, text: str) -> None:
        event.length += 1
        if self._stack or event.broken:  # an alarm's lines are its own
            return
        if event.length > MOST_LINES_OF_EVENT:
            event.broken = "too_long"
            return
        found = _NAME.match(text)
        if found is None or found.group().upper() not in WANTED_PROPERTIES:
            return
        if len(text) > LONGEST_LINE:
            event.broken = "too_long"
        elif (line := parse_property_line(text)) is None:
            event.broken = "broken"
        elif line.value.strip():  # ignore an empty property ("RRULE:")
            event.lines.append(line)

    def _close_event(self) -> None:
        if self._event is not None and len(self.parts.events) < MOST_EVENTS:
            self.parts.events.append(self._event)
        elif self._event is not None:
            self.parts.more += 1
        self._event, self._stack, self._deeper = None, [], 0

    def close_unfinished_event(self) -> None:
        if self._event is not None:
            self._event.broken = self._event.broken or "not_closed"
            self._close_event()


LONGEST_TITLE: Final = 300
LONGEST_PLACE: Final = 420  # the longest place of our own events, with its address
LONGEST_TEXT: Final = 2000
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_PRIVATE_CLASSES: Final = frozenset({"PRIVATE", "CONFIDENTIAL"})


@dataclass(frozen=True)
class PartnerEventTexts:
    """Texts of an event; empty where the partner withholds them."""

    title: str = ""
    place: str = ""
    text: str = ""


def read_event_texts(block: EventBlock) -> PartnerEventTexts:
    """Return title, place and text of an event. Raises SetAside for invalid characters."""
    if block.value("CLASS").upper() in _PRIVATE_CLASSES:
        return PartnerEventTexts()
    return PartnerEventTexts(
        title=_one_line(block, "SUMMARY")[:LONGEST_TITLE],
        place=_one_line(block, "LOCATION")[:LONGEST_PLACE],
        text=_plain(block, "DESCRIPTION"),
    )


def check_text_characters(block: EventBlock) -> None:
    """Raise SetAside for NUL and for undecodable characters: the source is broken here."""
    for line in block.lines:
        if "\0" in line.value or "\0" in line.params:
            raise SetAside("control_characters")
        if "\ufffd" in line.value:
            raise SetAside("encoding")


def _plain(block: EventBlock, name: str) -> str:
    text = _ESCAPED.sub(
        lambda found: "\n" if found[1] in "nN" else found[1], block.value(name)[: 4 * LONGEST_TEXT]
    )
    text = _TURNS_DIRECTION.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return _CONTROL.sub("", text)[:LONGEST_TEXT].strip()


def _one_line(block: EventBlock, name: str) -> str:
    return " ".join(_plain(block, name).split())


FETCH: Final = "fetch_"  # prefix of the code of a FetchError

_REASON_MESSAGES: Final[dict[str, Promise]] = {
    # the calendar as a whole
    "too_large": _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar."),
    "too_many_lines": _("The file has more than %(limit)s lines. That is no calendar of a partner."),
    "not_a_calendar": _("This is not a calendar. A calendar file begins with BEGIN:VCALENDAR."),
    "no_events": _("The calendar holds no events."),
    "cut_short": _("The calendar stops in the middle: the line END:VCALENDAR is missing."),
    "too_many_events": _("Only the first %(limit)s events were read; %(more)s more were left out."),
    "took_too_long": _("Reading this took too long, so it was stopped."),
    "outside": _("%(count)s events are over or too far ahead, so they are not in the list."),
    "not_read": _("The calendar could not be read. We try again later."),
    # one event
    "broken": _("The event is broken and cannot be read."),
    "not_closed": _("The event has no end: a line END:VEVENT is missing."),
    "nested": _("The event holds parts within parts, deeper than any calendar needs."),
    "too_long": _("The event is larger than any event needs."),
    "control_characters": _("The event holds signs that no text has (NUL)."),
    "encoding": _("Letters of the event are broken: it was saved in a wrong encoding."),
    "no_start": _("The event has no start."),
    "bad_date": _("“%(value)s” is not a time that can be."),
    "ends_before_start": _("The event ends before it begins."),
    "lasts_too_long": _("The event lasts longer than two years."),
    "unknown_zone": _("The time zone “%(zone)s” is not known, so nobody can say when the event is."),
    "too_fast": _("The event comes again every second, minute or hour without end: %(rule)s"),
    "interval_zero": _("The event comes again every 0 days, which never ends: %(rule)s"),
    "count_huge": _("The event comes again %(count)s times; at most %(limit)s can be taken."),
    "until_before_start": _("The event comes again only until a day before it begins: %(rule)s"),
    "rule_unreadable": _("How the event comes again cannot be read: %(rule)s"),
    "rule_too_wide": _("The event comes again in too many ways at once: %(rule)s"),
    "rule_too_long": _("The event comes again too often since it began: %(rule)s"),
    "too_many_dates": _("The event names more than %(limit)s single dates."),
    "too_many_times": _("The event takes place more than %(limit)s times in the months ahead."),
    "too_many_in_all": _("The calendar takes place more than %(limit)s times in the months ahead."),
    "duplicate_uid": _("Another event of this calendar has the same mark (UID); the newest of them is kept."),
    "other_calendar": _("The same event is in the calendar “%(calendar)s” already."),
    "own_event": _("This is an event of ours that came back."),
    "cancelled": _("The partner cancelled this event."),
    "takes_no_time": _("The event takes no time: its owner is free."),
}


def reason_message(reason: Mapping[str, str | int]) -> str:
    """Return the reason in the active language; empty if there is none."""
    if not reason:
        return ""
    code = str(reason.get("code", ""))
    words = FETCHING.get(code.removeprefix(FETCH)) if code.startswith(FETCH) else _REASON_MESSAGES.get(code)
    if words is None:
        return _now("The event is broken and cannot be read.")
    try:
        return str(words) % reason
    except KeyError:  # stored by an older version, with fewer values
        return str(words).split("%(")[0]


def is_problem(reason: Mapping[str, str | int]) -> bool:
    """Whether something failed; otherwise it is only information."""
    return bool(reason) and reason.get("code") not in {"outside", "no_events"}


type ReasonValues = dict[str, str | int]


class SetAside(Exception):
    """One event is rejected; the others are stored."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values: ReasonValues = values
        super().__init__(code)

    def as_json(self) -> ReasonValues:
        return {"code": self.code, **self.values}


class NotRead(SetAside):
    """The calendar as a whole cannot be read."""


MOST_COUNT: Final = 10_000
MOST_STEPS: Final = 40_000
MOST_VALUES: Final = 400  # of one BY list; a year has 366 days
MOST_TIMES_A_DAY: Final = 24
MOST_HOURS: Final = 2_000  # steps of an hourly rule
MOST_DATES: Final = 4_000  # RDATE and EXDATE
MOST_RULES: Final = 10  # of one event


# Naive, since they are compared with local times. Apple writes 1604 for an unknown year.
EARLIEST, LATEST = (datetime.datetime.fromisoformat(f"{year}-01-01") for year in (1600, 2200))
_DAYS: Final = {"HOURLY": 1 / 24, "DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_TOO_FAST: Final = frozenset({"SECONDLY", "MINUTELY"})

_RANGES: Final = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (1, 366),
}

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_RANGES})
_SAYS_NOTHING: Final = frozenset({("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")})  # RFC 7529: the defaults


def bound_rule(
    text: str, *, start: datetime.datetime, until: datetime.datetime | None, last: datetime.datetime
) -> str:
    """Return the rule, with an end not after `last`. Raises SetAside with a code if it must not be expanded.

    All moments are naive and local to the event; `until` is the rule's own UNTIL, already so.
    """
    shown = text[:80]  # a hostile one is long
    parts = _parts(text)
    frequency = parts["FREQ"]
    if frequency in _TOO_FAST:
        raise SetAside("too_fast", rule=shown)
    if frequency not in _DAYS:
        raise SetAside("rule_unreadable", rule=shown)
    interval = _parse_integer(parts, "INTERVAL", 1)
    if interval == 0:
        raise SetAside("interval_zero", rule=shown)
    count = _parse_integer(parts, "COUNT", 0)
    if count > MOST_COUNT:
        raise SetAside("count_huge", count=count, limit=MOST_COUNT)
    if until is not None and until < start:
        raise SetAside("until_before_start", rule=shown)
    _check_lists(parts, shown)
    end = min(until or last, last)
    steps = max(0.0, (end - start) / datetime.timedelta(days=1)) / (_DAYS[frequency] * interval)
    if frequency == "HOURLY" and not 0 < (count or steps) <= MOST_HOURS:
        raise SetAside("too_fast", rule=shown)
    if steps > MOST_STEPS and not (frequency == "HOURLY" and count):
        raise SetAside("rule_too_long", rule=shown)
    parts.pop("UNTIL", None)
    if not count:  # a rule without matches would be searched until the year 9999
        parts["UNTIL"] = f"{end:%Y%m%dT%H%M%S}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in re.sub(r"\s", "", text).upper().rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if (name, value) in _SAYS_NOTHING:
            continue
        if not equals or name in parts or (name not in _PARTS and not name.startswith("X-")):
            raise SetAside("rule_unreadable", rule=text[:80])
        if name in _PARTS:
            parts[name] = value
    if "FREQ" not in parts or ("COUNT" in parts and "UNTIL" in parts):
        raise SetAside("rule_unreadable", rule=text[:80])
    return parts


def _parse_integer(parts: dict[str, str], name: str, default: int) -> int:
    value = parts.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,9}", value):
        raise SetAside(
            "interval_zero" if value.startswith("-") else "rule_unreadable", rule=f"{name}={value[:40]}"
        )
    return int(value)


def _check_lists(parts: dict[str, str], rule: str) -> None:
    """Reject lists of absurd length or with impossible values."""
    lists = {name: parts[name].split(",") for name in (*_RANGES, "BYDAY") if name in parts}
    if any(len(values) > MOST_VALUES for values in lists.values()):
        raise SetAside("rule_too_wide", rule=rule)
    days = lists.pop("BYDAY", [])
    is_readable = all(_DAY.fullmatch(day) for day in days)
    for name, values in lists.items():
        least, most = _RANGES[name]
        for value in values:
            is_number = re.fullmatch(r"[+-]?\d{1,3}", value) is not None
            is_readable &= is_number and least <= abs(int(value)) <= most
    if not is_readable:
        raise SetAside("rule_unreadable", rule=rule)
    a_day = math.prod(len(lists.get(name, [""])) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if a_day > MOST_TIMES_A_DAY:
        raise SetAside("rule_too_wide", rule=rule)
