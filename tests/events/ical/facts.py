"""Facts to build calendars of."""

import datetime

from events.core.enums import EventKind, EventState, Frequency
from events.core.facts import (
    EventFacts,
    EventTimes,
    MovedOccurrence,
    RecurrenceRule,
    Run,
    SpecialHours,
    WeeklyHours,
)

UTC = datetime.UTC


def clock(words: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(words)


def day(words: str) -> datetime.date:
    return datetime.date.fromisoformat(words)


def facts(times: EventTimes, *, uid: str = "one@tests.example", **given: object) -> EventFacts:
    return EventFacts(
        **{
            "uid": uid,
            "kind": EventKind.MEETING,
            "state": EventState.ANNOUNCED,
            "language": "kk",
            "title": "Кездесу, “тырнақша”; үтір",
            "times": times,
            "changed_at": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "created_at": datetime.datetime(2026, 1, 1, tzinfo=UTC),
            "text": "Бірінші жол\nЕкінші, жол; соңы \\ осы\n\n" + "Ұзын мәтін. " * 20,
            "place": "Абай даңғылы, 10",
            "organisers": ("«Құқық» қоғамдық бірлестігі", 'NGO "Lamp", Almaty'),
            "url": "https://coalition.example/kk/events/one/",
            **given,
        }
    )


def single(start: str = "2026-03-03 11:00", end: str = "2026-03-03 12:30", **given: object) -> EventTimes:
    return EventTimes(**{"zone": "Asia/Almaty", "start": clock(start), "end": clock(end), **given})


def exhibition(zone: str = "Asia/Almaty") -> EventTimes:
    """Opening on 7 March at 18:00; 8 March to 30 April, Tuesday to Sunday 11 to 19, closed over Nauryz,
    on 13 April (a Monday) open from 12 to 15."""
    run = Run(
        day("2026-03-08"),
        day("2026-04-30"),
        (WeeklyHours((1, 2, 3, 4, 5, 6), datetime.time(11), datetime.time(19)),),
        (
            SpecialHours(day("2026-03-21"), day("2026-03-23")),
            SpecialHours(day("2026-04-13"), day("2026-04-13"), datetime.time(12), datetime.time(15)),
        ),
    )
    return EventTimes(zone, clock("2026-03-07 18:00"), clock("2026-03-07 20:00"), run=run)


def call() -> EventTimes:
    """Every second Tuesday and Thursday, one date left out, one besides, one moved."""
    return single(
        "2026-03-03 11:00",
        "2026-03-03 12:00",
        rule=RecurrenceRule(Frequency.WEEKLY, 2, (1, 3), day("2026-06-30")),
        left_out=(day("2026-03-17"),),
        also=(day("2026-03-25"),),
        moved=(MovedOccurrence(day("2026-03-19"), clock("2026-03-20 15:00")),),
    )


CASES: dict[str, EventTimes] = {
    "one time": single(),
    "over midnight": single("2026-03-03 22:00", "2026-03-04 01:00"),
    "before the change in Almaty": single("2024-02-28 11:00", "2024-02-28 12:00"),
    "after the change in Almaty": single("2024-03-02 11:00", "2024-03-02 12:00"),
    "weekly over the change": single(
        "2024-02-20 11:00", "2024-02-20 12:00", rule=RecurrenceRule(Frequency.WEEKLY, until=day("2024-03-20"))
    ),
    "a moment": single("2026-03-03 18:00", "2026-03-03 18:00"),
    "whole day": EventTimes("Asia/Almaty", day("2026-03-21"), day("2026-03-22")),
    "whole days": EventTimes("Asia/Almaty", day("2026-03-21"), day("2026-03-24")),
    "whole day every week": EventTimes(
        "Asia/Almaty",
        day("2026-03-03"),
        day("2026-03-04"),
        rule=RecurrenceRule(Frequency.WEEKLY, until=day("2026-04-01")),
    ),
    "every second Tuesday and Thursday": call(),
    "monthly on the 31st": single(
        "2026-01-31 11:00",
        "2026-01-31 12:00",
        rule=RecurrenceRule(Frequency.MONTHLY, until=day("2026-12-31")),
    ),
    "yearly": single(
        "2024-02-29 11:00", "2024-02-29 12:00", rule=RecurrenceRule(Frequency.YEARLY, until=day("2032-12-31"))
    ),
    "daily without end": single(rule=RecurrenceRule(Frequency.DAILY, 3)),
    "exhibition": exhibition(),
    "exhibition in Aqtau": exhibition("Asia/Aqtau"),
    "in New York over both changes": single(
        "2026-02-20 11:00",
        "2026-02-20 12:00",
        zone="America/New_York",
        rule=RecurrenceRule(Frequency.WEEKLY, until=day("2026-11-30")),
    ),
    "in UTC": single(zone="UTC", rule=RecurrenceRule(Frequency.WEEKLY, until=day("2026-03-30"))),
}
