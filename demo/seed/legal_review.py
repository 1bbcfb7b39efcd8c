"""Legal review of texts before approval: who was named, and the verdicts."""

from functools import partial

from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.comments.actions import name_legal_reader
from documents.drafts.models import Verdict
from documents.legal_review.actions import record_verdict
from documents.models import LegalReader


def plan_legal_review(draft: DraftPlan, history: History) -> None:
    """Plan the draft's legal reader and verdicts. Call after its versions are planned."""
    if record := draft.record.get("legal"):
        named: list[LegalReader] = []
        history.add(record["days_ago"], partial(_name, draft, record, named))
        for verdict in record["verdicts"]:
            history.add(verdict["days_ago"], partial(_clear, draft, record["reader"], verdict, named))


def _name(draft: DraftPlan, record: Record, named: list[LegalReader]) -> None:
    seat = draft.workspace.seats.select_related("person", "organisation").get(
        person=draft.accounts.people[record["reader"]]
    )
    access = access_of(draft.accounts.people[record["named_by"]], draft.workspace)
    named.append(name_legal_reader(access=access, draft=draft.row, seat=seat))


def _clear(draft: DraftPlan, reader: str, record: Record, named: list[LegalReader]) -> None:
    text = draft.row.texts.select_related("draft").get(language=record["language"])
    for row in named:
        record_verdict(
            access=access_of(draft.accounts.people[reader], draft.workspace),
            reader=row,
            text=text,
            digest=text.content_hash,
            verdict=Verdict(record["verdict"]),
            note=record["note"],
        )
