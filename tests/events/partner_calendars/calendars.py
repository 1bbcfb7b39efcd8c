"""Calendar texts to read in tests."""

import datetime

from events.partner_calendars.reader.read import CalendarReading, ReadEvent, ReadOptions

FIRST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
LAST = datetime.datetime(2027, 7, 1, tzinfo=datetime.UTC)


def vevent(*lines: str) -> str:
    """A VEVENT of these lines."""
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def calendar(*parts: str, head: str = "") -> bytes:
    """A calendar of these components."""
    body = "".join([head, *parts])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


def good(uid: str = "good@partner.example", title: str = "A good event", day: str = "20260303") -> str:
    return vevent(
        f"UID:{uid}",
        f"DTSTART;TZID=Asia/Almaty:{day}T110000",
        f"DTEND;TZID=Asia/Almaty:{day}T120000",
        f"SUMMARY:{title}",
    )


def options(**given) -> ReadOptions:
    return ReadOptions(**{"zone": "Asia/Almaty", "first": FIRST, "last": LAST, **given})


def read(content: bytes, **given) -> list[ReadEvent]:
    """Every event of the calendar, read here and not in a process of its own."""
    return [event for group in CalendarReading(content, options(**given)).groups() for event in group]


def starts(event: ReadEvent) -> list[str]:
    """Its times in UTC: `2026-03-03 06:00`."""
    return [f"{time.starts_at:%Y-%m-%d %H:%M}" for time in event.times]
