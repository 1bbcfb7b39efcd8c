"""Facts to test with: what they say, and texts that hold them."""

import datetime
from typing import Any

from coalition.accounts.models import User
from documents.facts.actions import create_fact
from documents.facts.models import WORDING_FIELDS, FactKind, FactTopic, fact_run
from documents.facts.queries import fact_editing_seats, local_today
from documents.models import Fact, FactVersion
from tests.documents.conftest import body
from tests.recording import recorded


def _wording(*texts: str) -> dict[str, str]:
    return dict(zip(WORDING_FIELDS, texts, strict=False))


WORDS = {
    "kk": _wording(
        "25", "айыптау үкімі шықты.", "Қазақстан, 20 жыл", "Internews, 2018", "Мақалада айтылған."
    ),
    "ru": _wording("25", "приговоров вынесли.", "Казахстан, 20 лет", "Internews, 2018", "Сказано в статье."),
    "en": _wording(
        "25", "convictions in 20 years.", "Kazakhstan, 20 years", "Internews, 2018", "It says so."
    ),
}


def fact_content(numeral: str = "25", **changes: Any) -> dict[str, Any]:
    """Content of a fact, with another figure in every language."""
    return {
        "as_of": 2018,
        "publisher": "Internews",
        "title": "A campaign of local media",
        "address": "https://internews.example/campaign",
        "words": {code: {**wording, "numeral": numeral} for code, wording in WORDS.items()},
    } | changes


def soon(days: int = 90) -> datetime.date:
    return local_today() + datetime.timedelta(days=days)


@recorded
def write_down(person: User, numeral: str = "25", **changes: Any) -> Fact:
    """A fact that the person writes down for the organisation of their first seat."""
    owner = changes.pop("owner", None) or fact_editing_seats(person).first().organisation.uuid
    about = {"kind": FactKind.NUMERAL, "topic": FactTopic.COURTS, "next_check": soon()}
    return create_fact(person=person, owner=owner, **about | fact_content(numeral) | changes)


@recorded
def node_of(version: FactVersion, language: str = "kk", **other: str) -> dict[str, Any]:
    """The editor's node."""
    run = fact_run(version, version.words.get(language=language))
    return {"type": "fact", "attrs": {**run, **other}}


def body_with(*nodes: dict[str, Any]) -> dict[str, Any]:
    """A paragraph with facts in it."""
    made: dict[str, Any] = body("In those years there were ")
    made["content"][0]["content"] += [*nodes, {"type": "text", "text": "."}]
    return made
