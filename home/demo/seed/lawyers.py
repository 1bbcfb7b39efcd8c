"""Texts that a lawyer reads before they are put: who was named, and what they said of which words."""

from functools import partial

from documents.comments.actions import name_legal_reader
from documents.drafts.enums import Verdict
from documents.legal_review.actions import clear
from documents.models import LegalReader
from home.demo.load import Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk


def plan_lawyers(desk: Desk, history: History) -> None:
    """Add the draft's lawyer and their verdicts to the history. After its versions."""
    if record := desk.record.get("legal"):
        named: list[LegalReader] = []
        history.add(record["days_ago"], partial(_name, desk, record, named))
        for verdict in record["verdicts"]:
            history.add(verdict["days_ago"], partial(_clear, desk, record["reader"], verdict, named))


def _name(desk: Desk, record: Record, named: list[LegalReader]) -> None:
    seat = desk.workspace.seats.select_related("person", "organisation").get(
        person=desk.cast.people[record["reader"]]
    )
    access = acting(desk.cast.people[record["named_by"]], desk.workspace)
    named.append(name_legal_reader(access=access, draft=desk.begun, seat=seat))


def _clear(desk: Desk, reader: str, record: Record, named: list[LegalReader]) -> None:
    text = desk.begun.texts.select_related("draft").get(language=record["language"])
    for row in named:
        clear(
            access=acting(desk.cast.people[reader], desk.workspace),
            reader=row,
            text=text,
            digest=text.content_hash,
            verdict=Verdict(record["verdict"]),
            note=record["note"],
        )
