"""Facts to test with: what they say, and texts that hold them."""

import datetime
from typing import Any

from coalition.accounts.models import User
from documents.facts.actions import create_fact
from documents.facts.content import FactContent, FactWording, fact_run
from documents.facts.enums import FactKind, FactTopic
from documents.facts.queries import fact_editing_seats, local_today
from documents.models import Fact, FactVersion
from tests.documents.conftest import body
from tests.recording import recorded

WORDS = {
    "kk": FactWording(
        "25", "айыптау үкімі шықты.", "Қазақстан, 20 жыл", "Internews, 2018", "Мақалада айтылған."
    ),
    "ru": FactWording(
        "25", "приговоров вынесли.", "Казахстан, 20 лет", "Internews, 2018", "Сказано в статье."
    ),
    "en": FactWording(
        "25", "convictions in 20 years.", "Kazakhstan, 20 years", "Internews, 2018", "It says so."
    ),
}


def saying(numeral: str = "25", **given: Any) -> FactContent:
    """What a fact says, with another figure in every language."""
    words = {code: FactWording(**(vars(one) | {"numeral": numeral})) for code, one in WORDS.items()}
    return FactContent(
        **(
            {
                "as_of": 2018,
                "publisher": "Internews",
                "title": "A campaign of local media",
                "address": "https://internews.example/campaign",
                "words": words,
            }
            | given
        )
    )


def soon(days: int = 90) -> datetime.date:
    return local_today() + datetime.timedelta(days=days)


@recorded
def write_down(person: User, **given: Any) -> Fact:
    """A fact that the person writes down for the organisation of their first seat."""
    asked: dict[str, Any] = {
        "person": person,
        "kind": FactKind.NUMERAL,
        "topic": FactTopic.COURTS,
        "saying": saying(),
        "next_check": soon(),
    }
    owner = given.pop("owner", None) or fact_editing_seats(person).first().organisation.uuid
    return create_fact(**(asked | given), owner=owner)


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
