"""Hostile calendars read in a process of their own: within 10 s, and others are answered meanwhile."""

import resource
import threading
import time

import pytest

from events.partner_calendars.reader.read import read_calendar_in_process
from tests.events.partner_calendars.calendars import calendar, good, options, vevent

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024


def told(content: bytes) -> tuple[list[dict], dict]:
    """Every event and the problem of a reading, which must end soon."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    said = list(read_calendar_in_process(content, options()))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 9  # a busy machine is no excuse
    return [event for line in said for event in line.get("group", [])], said[-1]


def hostile(number: int) -> str:
    """500 occurrences of three thousand: legal, and dear to expand."""
    return vevent(
        f"UID:h{number}", "DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1", "SUMMARY:h"
    )


@pytest.mark.parametrize(
    "content",
    [
        calendar(good(), vevent("UID:a", "DTSTART:20260303T110000Z", "DESCRIPTION:" + "x" * 9 * MEGABYTE)),
        calendar(good(), vevent("UID:a", "DTSTART:20260303T110000Z", *["X-A:b"] * 900_000)),
        calendar(
            good(),
            *[vevent(f"UID:{n}", "RRULE:FREQ=SECONDLY", "DTSTART:20260303T110000Z") for n in range(9_000)],
        ),
        calendar(good(), "BEGIN:VEVENT\r\n" * 600_000),
        calendar(good(), "BEGIN:VALARM\r\n" * 600_000),
        calendar(good(), vevent("UID:a", "DTSTART;X=" + '"' * MEGABYTE + ":20260303T110000Z")),
        calendar(
            good(), "BEGIN:VTIMEZONE\r\nTZID:a\r\n" + "TZOFFSETTO:+0500\r\n" * 400_000 + "END:VTIMEZONE\r\n"
        ),
        calendar(good(), "BEGIN:VEVENT\r\nSUMMARY:a" + "\r\n b" * 900_000 + "\r\nEND:VEVENT\r\n"),
    ],
    ids=["line", "lines", "events", "begin", "nested", "quotes", "zone", "folds"],
)
def test_ten_megabytes_are_read_soon_and_the_good_event_kept(content):
    events, end = told(content)
    kept = [event for event in events if not event["reason"]]
    assert [event["words"]["title"] for event in kept] == ["A good event"]
    assert "cut" not in end


def test_what_is_dear_to_expand_is_cut_and_the_good_event_kept():
    events, end = told(calendar(good(), *[hostile(number) for number in range(3_000)]))
    by_reason = {event["reason"].get("code") for event in events}
    assert by_reason <= {None, "too_many_in_all", "took_too_long", "too_many_times"}
    assert len(by_reason) > 1
    assert any(event["uid"] == "good@partner.example" and not event["reason"] for event in events)
    # Each of them is told, unless the machine was so busy that the reading was stopped from outside.
    assert len(events) == 3_001 or end.get("cut")


def test_others_are_answered_meanwhile():
    """A thread that needs the interpreter now and then gets it: the work is done elsewhere."""
    content = calendar(good(), *[hostile(number) for number in range(150)])
    reading = threading.Thread(target=lambda: list(read_calendar_in_process(content, options())))
    reading.start()
    longest = 0.0
    while reading.is_alive():
        begun = time.monotonic()
        time.sleep(0.01)
        longest = max(longest, time.monotonic() - begun)
    reading.join()
    assert longest < 1.0


def test_a_process_that_is_killed_says_so(monkeypatch):
    monkeypatch.setattr("events.partner_calendars.reader.read.LONGEST", 0.05)
    said = list(read_calendar_in_process(calendar(*[hostile(number) for number in range(1_000)]), options()))
    assert said[-1] == {"problem": {"code": "took_too_long"}, "cut": True}


def test_what_is_no_calendar():
    _events, end = told(b"\0" * MEGABYTE)
    assert (end["problem"]["code"], end["not_read"]) == ("not_a_calendar", True)
