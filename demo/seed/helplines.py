"""The demo's helplines: written by their organisations, reviewed by another, checked some days ago."""

from functools import partial
from typing import Any

from coalition.campaigns.helplines.actions.entries import add_helpline, stamp_of
from coalition.campaigns.helplines.actions.review import publish_entry
from coalition.campaigns.models import HelplineEntry
from coalition.core.localized_text import LocalizedText
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History

PLAIN = ("run_by", "channels", "languages", "regions", "cost", "is_anonymous", "is_recorded")


def plan_helplines(demo: Demo, accounts: Accounts, history: History) -> None:
    """Plan each helpline for the day on which it was checked last."""
    for record in demo.helplines:
        made: list[HelplineEntry] = []
        history.add(record["checked_days_ago"], partial(_write, record, accounts, made))
        history.add(record["checked_days_ago"], partial(_publish, record, accounts, made))


def _write(record: Record, accounts: Accounts, made: list[HelplineEntry]) -> None:
    entry = add_helpline(
        person=accounts.people[record["author"]],
        organisation=accounts.organisations[record["organisation"]].uuid,
        content=_content(record),
        proposes=True,
        has_called=True,
    )
    made.append(entry)


def _publish(record: Record, accounts: Accounts, made: list[HelplineEntry]) -> None:
    for entry in made:
        publish_entry(person=accounts.people[record["reviewer"]], entry=entry, seen=stamp_of(entry))


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
