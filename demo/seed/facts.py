"""The demo's facts register: written, checked by a second person, made public."""

import datetime
from functools import partial
from typing import Any

from coalition.accounts.models import Language
from coalition.core.clock import now
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from documents.facts.actions import change_fact, check_fact, create_fact, set_fact_public
from documents.facts.models import FactKind, fact_run
from documents.facts.queries import fact_editing_seats
from documents.models import Fact

WRITES, CHECKS = "editor@demo.example", "coordinator@demo.example"
WRITTEN_DAYS_AGO, CHECKED_DAYS_AGO = 42, 40

type Facts = dict[str, Fact]  # by the data's own ids


def plan_facts(demo: Demo, accounts: Accounts, history: History) -> Facts:
    """Plan the register. Facts used on pages exist once the history has run."""
    facts: Facts = {}
    for record in demo.facts:
        history.add(WRITTEN_DAYS_AGO, partial(_write, record, accounts, facts))
        if record["checked"]:
            history.add(CHECKED_DAYS_AGO, partial(_check, record, accounts, facts))
        if earlier := record.get("earlier"):
            history.add(earlier["changed_days_ago"], partial(_change, record, accounts, facts))
            history.add(earlier["checked_days_ago"], partial(_check_change, record, accounts, facts))
    return facts


def _write(record: Record, accounts: Accounts, facts: Facts) -> None:
    person = accounts.people[WRITES]
    seat = fact_editing_seats(person).first()
    if seat is None:
        raise LookupError(WRITES)
    facts[record["id"]] = create_fact(
        person=person,
        owner=seat.organisation.uuid,
        kind=FactKind.NUMERAL,
        topic=record["topic"],
        **_content({**record, **record.get("earlier", {})}),
        next_check=_day(record),
    )


def _change(record: Record, accounts: Accounts, facts: Facts) -> None:
    """Replace the earlier numeral by the one that stands now."""
    facts[record["id"]] = change_fact(
        person=accounts.people[WRITES],
        fact=facts[record["id"]],
        why=record["earlier"]["why"],
        next_check=_day(record),
        seen=1,
        **_content(record),
    )


def _check_change(record: Record, accounts: Accounts, facts: Facts) -> None:
    person, fact = accounts.people[CHECKS], facts[record["id"]]
    facts[record["id"]] = check_fact(person=person, fact=fact, seen=2, next_check=_day(record))


def _check(record: Record, accounts: Accounts, facts: Facts) -> None:
    person, fact = accounts.people[CHECKS], facts[record["id"]]
    checked = check_fact(person=person, fact=fact, seen=1, next_check=_day(record))
    facts[record["id"]] = set_fact_public(person=person, fact=checked, opened=True)


def _day(record: Record) -> datetime.date:
    return (now() + datetime.timedelta(days=record["check_in_days"])).date()


def _content(record: Record) -> dict[str, Any]:
    words = {
        code: {
            "numeral": record["numeral"],
            "sentence": record["sentence"][code],
            "scope": record["scope"][code],
            "source": record["source_line"][code],
            "how": record["how"][code],
        }
        for code in Language.values
    }
    source = record["source"]
    return {
        "as_of": record["year"],
        "publisher": source["publisher"],
        "title": source["title"],
        "words": words,
    }


def uuids_of(facts: Facts) -> dict[str, str]:
    """Return the UUID that pages store for each fact."""
    return {name: str(fact.uuid) for name, fact in facts.items()}


def with_facts(node: dict[str, Any], facts: Facts, language: str) -> dict[str, Any]:
    """Return the editor's JSON with the register's words in place of each fact that it names."""
    if node["type"] == "fact":
        version = facts[node["attrs"]["id"]].current
        if version is None:
            raise LookupError(node["attrs"]["id"])
        return {**node, "attrs": dict(fact_run(version, version.words.get(language=language)))}
    if "content" not in node:
        return node
    return {**node, "content": [with_facts(child, facts, language) for child in node["content"]]}
