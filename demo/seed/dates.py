"""Dates of the demo's events: counted from today, or days of the campaign, which takes place every spring."""

import datetime
from typing import Any

from demo.load import Record
from events.core.actions.times import ALMATY, EventTimesInput
from events.core.enums import Frequency

CAMPAIGN_BEGINS = (3, 3)  # the press conference, as the texts tell it
DAY = datetime.timedelta(days=1)


def planned_for(when: Record, today: datetime.date) -> EventTimesInput:
    """Return the times of a record: `on` is a day of the campaign, `in_days` counts from today."""
    day, last = day_of(when, today), None
    if "to" in when:
        last = day
    run = [campaign_day(when[name], today) for name in ("open_from", "open_until") if name in when]
    return EventTimesInput(
        starts_on=day,
        starts_at_time=clock(when["from"]),
        ends_on=last,
        ends_at_time=clock(when["to"]) if "to" in when else None,
        zone=ALMATY,
        run_from=run[0] if run else None,
        run_until=run[1] if run else None,
        **(_recurrence(when["again"], today) if "again" in when else {}),
    )


def day_of(when: Record, today: datetime.date) -> datetime.date:
    """Return the record's day; with `weekday` (0 is Monday) the nearest such day before it."""
    if "on" in when:
        return campaign_day(when["on"], today)
    day = today + when["in_days"] * DAY
    if "weekday" in when:
        day -= (day.weekday() - when["weekday"]) % 7 * DAY
    return day


def campaign_day(words: str, today: datetime.date) -> datetime.date:
    """Return e.g. “03-07” in the spring of the next campaign whose press conference is still to come."""
    month, day = (int(part) for part in words.split("-"))
    comes = datetime.date(today.year, *CAMPAIGN_BEGINS) >= today
    return datetime.date(today.year if comes else today.year + 1, month, day)


def clock(words: str) -> datetime.time:
    return datetime.time.fromisoformat(words)


def _recurrence(again: Record, today: datetime.date) -> dict[str, Any]:
    until = campaign_day(again["until"], today) if "until" in again else None
    return {
        "frequency": Frequency(again["frequency"]),
        "interval": again.get("interval", 1),
        "repeat_until": until,
    }
