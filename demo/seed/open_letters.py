"""Open letters: a published text opened for joining, and organisations from outside that confirmed."""

from functools import partial

from coalition.mail import outbox
from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.models import Joining, OpenLetter
from documents.open_letters.actions import approve_joining, ask_to_join, confirm_joining, open_letter


def plan_open_letter(draft: DraftPlan, history: History) -> None:
    """Plan the draft's open letter and who joins it. Call after its publication is planned."""
    if record := draft.record.get("letter"):
        history.add(record["days_ago"], partial(_open, draft, record))
        for one in record["joined"]:
            made: list[Joining] = []
            history.add(one["days_ago"], partial(_join, draft, one, made))
            if "admitted_days_ago" in one:
                history.add(one["admitted_days_ago"], partial(_admit, draft, record["by"], made))


def _open(draft: DraftPlan, record: Record) -> None:
    access = access_of(draft.accounts.people[record["by"]], draft.workspace)
    open_letter(access=access, draft=draft.row, slug=record["slug"])


def _join(draft: DraftPlan, record: Record, made: list[Joining]) -> None:
    """Ask to join, then confirm."""
    publication = draft.row.publications.newest_public()
    if publication is None:
        raise LookupError(draft.record["id"])
    row = ask_to_join(
        letter=OpenLetter.objects.get(draft=draft.row),
        publication=publication,
        name=record["name"],
        contact=record["contact"],
        position=record["position"],
        address=record["email"],
        is_listed=record.get("listed", False),
        logo_allowed=record.get("logo", False),
        language=record["language"],
    )
    if row is None:
        raise LookupError(record["email"])
    outbox.delete_waiting_mail(about=f"joining-confirm:{row.uuid}")
    made.append(confirm_joining(joining=row))


def _admit(draft: DraftPlan, by: str, made: list[Joining]) -> None:
    for row in made:
        approve_joining(access=access_of(draft.accounts.people[by], draft.workspace), joining=row)
