"""The demo's helplines: written by their organisations, reviewed by another, called some days ago."""

from functools import partial
from typing import Any

from coalition.campaigns.helplines.actions.entries import add_helpline, stamp_of
from coalition.campaigns.helplines.actions.review import publish_entry
from coalition.campaigns.models import HelplineEntry
from coalition.core.localized_text import LocalizedText
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.history import History

PLAIN = ("run_by", "channels", "languages", "regions", "cost", "is_anonymous", "is_recorded")


def plan_helplines(demo: Demo, cast: Cast, history: History) -> None:
    """Add each line to the history on the day on which it was called last."""
    for record in demo.helplines:
        made: list[HelplineEntry] = []
        history.add(record["checked_days_ago"], partial(_write, record, cast, made))
        history.add(record["checked_days_ago"], partial(_publish, record, cast, made))


def _write(record: Record, cast: Cast, made: list[HelplineEntry]) -> None:
    entry = add_helpline(
        person=cast.people[record["author"]],
        organisation=cast.organisations[record["organisation"]].uuid,
        content=_content(record),
        proposes=True,
        has_called=True,
    )
    made.append(entry)


def _publish(record: Record, cast: Cast, made: list[HelplineEntry]) -> None:
    for entry in made:
        publish_entry(person=cast.people[record["reviewer"]], entry=entry, seen=stamp_of(entry))


def _content(record: Record) -> dict[str, Any]:
    hours: Record = record.get("hours") or {"weekdays": []}
    return {
        **{name: record[name] for name in PLAIN},
        **{
            name: LocalizedText(record.get(name))
            for name in ("name", "summary", "operator", "passed_to_police")
        },
        "channels": [{"note": {}, **channel} for channel in record["channels"]],
        "is_round_the_clock": record.get("is_round_the_clock", False),
        "is_closed_on_holidays": record.get("is_closed_on_holidays", False),
        "hours": [
            {"weekday": weekday, "opens": hours["opens"], "closes": hours["closes"]}
            for weekday in hours["weekdays"]
        ],
        "special_days": [],
        "licence_until": None,
    }
