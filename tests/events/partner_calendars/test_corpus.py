"""Calendars as other programs write them, one file for each peculiarity: what is read of each."""

import re
from pathlib import Path

import pytest

from tests.events.partner_calendars.calendars import read

CORPUS = Path(__file__).parent / "corpus"
READ = {
    "a01-display-name": [
        "Summer: 2026-07-08 08:00 to 09:00",
        "Winter: 2026-01-14 09:00 to 10:00",
        "Exchange: 2026-07-08 08:00 to 09:00",
        "Name alone: 2026-07-08 05:00 to 06:00",
    ],
    "a02-calendar-zone-with-parameter": ["Floating: 2026-07-08 08:00 to 09:00"],
    "a03-rdate-periods": [
        "Workshop: 2026-03-03 06:00 to 07:00, 2026-03-10 06:00 to 09:00, 2026-03-17 06:00 to 06:30"
    ],
    "a05-empty": [],
    "a06-method-cancel": ["Called off: cancelled"],
    "a07-slash-before-the-name": [
        "Berlin: 2026-07-08 08:00 to 08:00",
        "Almaty: 2026-07-08 05:00 to 05:00",
    ],
    "a08-date-with-a-time": ["Talk: 2026-03-03 06:00 to 07:30"],
    "a09-escaped-zone-name": ["Talk: 2026-07-08 08:00 to 08:00"],
    "a09-southern-hemisphere": [
        "January: 2026-01-13 23:00 to 23:00",
        "July: 2026-07-08 00:00 to 00:00",
    ],
    "a09-zone-by-rdate": ["January: 2026-01-14 09:00 to 09:00", "July: 2026-07-08 08:00 to 08:00"],
    "a10-read-leniently": [
        "Empty rule: 2026-03-03 06:00 to 06:00",
        "Blanks: 2026-03-02 06:00 to 06:00, 2026-03-03 06:00 to 06:00, 2026-03-09 06:00 to 06:00",
        "Two rules: 2026-03-03 06:00 to 06:00, 2026-03-04 06:00 to 06:00, 2026-03-10 06:00 to 06:00",
        "Gregorian: 2026-03-03 06:00 to 06:00, 2026-03-04 06:00 to 06:00",
        "Birthday: 2026-03-03 all day, 2026-03-10 all day",
        "Year unknown: 2026-03-08 all day, 2027-03-08 all day",
    ],
    "a10-meaning-not-plain": ["Hebrew: rule_unreadable", "Skip: rule_unreadable"],
    "a11-central-asia-by-its-definition": ["Bishkek: 2026-03-03 05:00 to 05:00"],
    "a11-central-asia-by-its-name": ["Almaty: 2026-03-03 06:00 to 06:00"],
    "a12-quoted-printable": ["Баспасөз мәслихаты: 2026-03-03 06:00 to 07:00"],
}


def content(name: str) -> bytes:
    """A file of the corpus with the line ends of calendars."""
    return (CORPUS / f"{name}.ics").read_bytes().replace(b"\n", b"\r\n")


def found(name: str) -> list[str]:
    """A line for each event: its title, and its times in UTC (days by Almaty's clock) or the reason."""
    return [
        f"{event.words.title}: {event.reason.get('code') or ', '.join(_shown(time) for time in event.times)}"
        for event in read(content(name))
    ]


def _shown(time) -> str:
    if time.all_day:
        return f"{time.ends_at:%Y-%m-%d} all day"  # midnight in Almaty is an evening of UTC
    return f"{time.starts_at:%Y-%m-%d %H:%M} to {time.ends_at:%H:%M}"


@pytest.mark.parametrize("name", READ)
def test_a_file_of_the_corpus_is_read_as_it_is_meant(name):
    assert found(name) == READ[name]


def test_every_file_of_the_corpus_is_expected_to_say_something():
    assert {path.stem for path in CORPUS.glob("*.ics")} == set(READ)


def test_titles_of_the_corpus_in_a_place_are_decoded_by_their_own_character_set():
    [event] = read(content("a12-quoted-printable"))
    assert event.words.place == "Зал"


def test_lines_folded_inside_a_character_are_joined_before_they_are_decoded():
    """RFC 5545, 3.1: a line may be folded between any two octets."""
    title = "Баспасөз мәслихатына шақыру және құттықтау"
    text = content("a08-date-with-a-time").replace(b"SUMMARY:Talk", f"SUMMARY:{title}".encode())
    folded = re.sub(rb"[^\r\n]{21}(?=[^\r\n])", rb"\g<0>\r\n ", text)
    [event] = read(folded)
    assert (event.words.title, event.reason) == (title, {})
