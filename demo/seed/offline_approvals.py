"""Approvals outside the workspace: by a confirmed call, by a one-time link; and calls without a decision."""

from functools import partial

from coalition.accounts.models import Language
from coalition.mail import outbox
from demo.load import Demo, Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.approval.actions.offline import Answer
from documents.approval.actions.one_time_links import (
    LinkCreator,
    decide_by_link,
    make_one_time_link,
    one_time_link_mail_key,
    open_one_time_link,
)
from documents.approval.actions.phone import confirm_call, note_call, record_call
from documents.drafts.access import GuestData
from documents.drafts.models import DecisionKind
from documents.models import ApprovalRound


def approve_by_phone(draft: DraftPlan, round_: ApprovalRound, decision: Record) -> None:
    """Record an approval by phone, confirmed by a person of another organisation."""
    way = decision["by_phone"]
    call = record_call(
        access=access_of(draft.accounts.people[way["called_by"]], draft.workspace),
        round_=round_,
        organisation=draft.accounts.organisations[decision["organisation"]],
        person=draft.accounts.people[decision["by"]],
        languages=decision["languages"],
    )
    confirm_call(access=access_of(draft.accounts.people[way["confirmed_by"]], draft.workspace), call=call)


def approve_by_link(
    draft: DraftPlan, round_: ApprovalRound, decision: Record, hashes: dict[str, str]
) -> None:
    """Approve by a one-time link that a colleague without an account was given. No mail is sent."""
    way = decision["by_link"]
    organisation = draft.accounts.organisations[decision["organisation"]]
    link, token = make_one_time_link(
        maker=LinkCreator(draft.accounts.people[decision["by"]], organisation),
        round_=round_,
        organisation=organisation,
        guest=GuestData(way["name"], way["email"], Language(way["language"])),
        languages=list(hashes),
    )
    outbox.delete_waiting_mail(about=one_time_link_mail_key(link))
    for language in hashes:
        open_one_time_link(token=token, language=language)
    decide_by_link(token=token, answer=Answer(DecisionKind.APPROVED, hashes))


def plan_calls(draft: DraftPlan, demo: Demo, history: History) -> None:
    """Plan the calls about the draft's round, answered or not."""
    for record in draft.record.get("round", {}).get("calls", ()):
        history.add(record["days_ago"], partial(_call, draft, demo, record))


def _call(draft: DraftPlan, demo: Demo, record: Record) -> None:
    representative = demo.representative_of(record["organisation"])
    note_call(
        access=access_of(draft.accounts.people[record["by"]], draft.workspace),
        round_=draft.row.rounds.get(),
        organisation=draft.accounts.organisations[record["organisation"]],
        person=draft.accounts.people[representative["email"]],
        reached=record["reached"],
        note=record.get("note", ""),
    )
