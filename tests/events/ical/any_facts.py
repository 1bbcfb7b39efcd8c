"""Any event there can be, for tests that must hold for all of them."""

import datetime

from hypothesis import strategies as some

from coalition.accounts.models import Language
from events.core.enums import EventKind, EventState, Frequency
from events.core.facts import (
    EventFacts,
    EventTimes,
    LocalTime,
    MovedOccurrence,
    RecurrenceRule,
    Run,
    SpecialHours,
    VenueFacts,
    WeeklyHours,
)
from events.core.occurrences import DAY, dates_by_rule, to_naive_datetime
from tests.events.ical.facts import facts

ZONES = some.sampled_from(["Asia/Almaty", "Asia/Aqtau", "UTC", "America/New_York"])
BEGIN = datetime.date(2024, 2, 1)  # before Almaty's change
MIDNIGHT = datetime.time()

hours = some.sampled_from([(9, 13), (14, 18), (11, 19), (12, 15)]).map(
    lambda pair: (datetime.time(pair[0]), datetime.time(pair[1], 30))
)
openings = some.lists(
    some.tuples(some.sets(some.integers(0, 6), min_size=1), hours), max_size=3, unique_by=lambda one: one[1]
).map(lambda found: tuple(WeeklyHours(tuple(sorted(days)), *times) for days, times in found))

# What breaks careless writers and readers: separators, escapes, line ends, long words of several bytes.
_AWKWARD = [
    *[
        ",",
        ";",
        ":",
        "\\",
        "\\n",
        "\\N",
        '"',
        "'",
        "^n",
        "%",
        "\t",
        "\n",
        "\r\n",
        "\n ",
        "BEGIN:VEVENT",
        "END:VEVENT\n",
    ],
    *[
        "🎨",
        "👩🏽‍🎨",
        "🇰🇿",
        "é",
        "\u2028",
        "«Құқық»",
        "қ" * 80,
        "Қанағаттандырылмағандықтарыңыздан ",
        "жиын, көрме; ",
    ],
    *["Пресс-конференция: «Статья 123» ", "Press & public, <all>; "],
]
awkward = some.lists(
    some.sampled_from(_AWKWARD)
    | some.text(some.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=6),
    max_size=8,
).map("".join)


@some.composite
def runs(draw: some.DrawFn) -> Run:
    first = BEGIN + draw(some.integers(0, 60)) * DAY
    last = first + draw(some.integers(0, 60)) * DAY
    specials = []
    for start, length, times in draw(
        some.lists(some.tuples(some.integers(-3, 60), some.integers(0, 5), some.none() | hours), max_size=3)
    ):
        day = first + start * DAY
        opens, closes = times or (None, None)
        specials.append(SpecialHours(day, day + length * DAY, opens, closes))
    return Run(first, last, draw(openings), tuple(specials))


@some.composite
def times(draw: some.DrawFn) -> EventTimes:
    """Once, by a rule with exceptions, or with a run: as a whole day or at any half hour."""
    start, end = draw(_own_times())
    zone, form = draw(ZONES), draw(some.sampled_from(["once", "rule", "rule", "run"]))
    if form == "run":
        return EventTimes(zone, start, end, run=draw(runs()))
    return draw(_recurring(zone, start, end)) if form == "rule" else EventTimes(zone, start, end)


@some.composite
def events(draw: some.DrawFn) -> EventFacts:
    """An event with words in one of the languages, in any state but cancelled."""
    states = [one for one in EventState if one != EventState.CANCELLED]
    language = draw(some.sampled_from(Language.values))
    return facts(
        draw(times()),
        uid=f"{draw(some.uuids())}@coalition.example",
        kind=draw(some.sampled_from(list(EventKind))),
        state=draw(some.sampled_from(states)),
        language=language,
        title=draw(awkward.map(lambda words: f"Көрме {words}"[:160])),
        text=draw(awkward),
        place=draw(awkward)[:160],
        address=draw(awkward)[:240],
        access_notes=draw(awkward)[:400],
        organisers=tuple(draw(some.lists(awkward.map(lambda words: " ".join(words.split())), max_size=2))),
        venue=VenueFacts(online_link=draw(some.sampled_from(["", "https://meet.example/a?b=1&c=2,3;d"]))),
        picture=draw(some.sampled_from(["", "https://coalition.example/media/picture.jpg"])),
        sequence=draw(some.integers(0, 12)),
    )


@some.composite
def _own_times(draw: some.DrawFn) -> tuple[LocalTime, LocalTime]:
    date = datetime.date(2023, 11, 1) + draw(some.integers(0, 330)) * DAY
    if draw(some.integers(0, 3)) == 0:
        return date, date + draw(some.integers(1, 9)) * DAY
    start = datetime.datetime.combine(date, MIDNIGHT) + draw(some.integers(0, 47)) * datetime.timedelta(
        minutes=30
    )
    return start, start + draw(some.integers(0, 60)) * datetime.timedelta(minutes=45)


@some.composite
def _recurring(draw: some.DrawFn, zone: str, start: LocalTime, end: LocalTime) -> EventTimes:
    """By a rule, with dates left out, moved and added: as `domain/dates.py` lets people do."""
    begins = to_naive_datetime(start)
    weekdays = draw(some.sets(some.integers(0, 6), max_size=4))
    frequency = draw(some.sampled_from([*Frequency, Frequency.WEEKLY]))
    rule = RecurrenceRule(
        frequency,
        draw(some.integers(1, 4)),
        tuple(sorted({*weekdays, begins.weekday()})) if weekdays and frequency == Frequency.WEEKLY else (),
        draw(some.none() | some.integers(0, 400).map(lambda days: begins.date() + days * DAY)),
    )
    dates = [one.date() for one in dates_by_rule(begins, rule, begins, begins + 250 * DAY)]
    differing = draw(some.lists(some.sampled_from(dates), max_size=5, unique=True))
    left = draw(some.integers(0, len(differing)))
    others = some.integers(-20, 250).map(lambda days: begins.date() + days * DAY)
    return EventTimes(
        zone,
        start,
        end,
        rule,
        left_out=tuple(differing[:left]),
        also=tuple(draw(some.lists(others.filter(lambda one: one not in dates), max_size=2, unique=True))),
        moved=tuple(MovedOccurrence(one, draw(_elsewhere(one, start))) for one in differing[left:]),
    )


@some.composite
def _elsewhere(draw: some.DrawFn, original: datetime.date, start: LocalTime) -> LocalTime:
    date = original + draw(some.integers(-9, 9)) * DAY
    if not isinstance(start, datetime.datetime):
        return date
    return datetime.datetime.combine(date, draw(some.sampled_from([start.time(), datetime.time(16, 15)])))
