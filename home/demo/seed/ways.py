"""Ways to approve otherwise than in the members' area: a call that somebody else confirmed, a one-time link;
and calls in which nothing was decided."""

from functools import partial

from coalition.accounts.enums import Language
from coalition.mail import outbox
from documents.approval.actions.offline import Answer
from documents.approval.actions.one_time_links import (
    Maker,
    decide_by_link,
    look_by_link,
    mail_key,
    make_one_time_link,
)
from documents.approval.actions.phone import Spoken, confirm_call, note_call, record_call
from documents.drafts.enums import DecisionKind
from documents.drafts.token_links import Guest
from documents.models import ApprovalRound
from home.demo.load import Demo, Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk


def approve_by_phone(desk: Desk, round_: ApprovalRound, decision: Record) -> None:
    """A coordinator called and wrote it down; somebody of another organisation called back."""
    way = decision["by_phone"]
    call = record_call(
        access=acting(desk.cast.people[way["called_by"]], desk.workspace),
        round_=round_,
        organisation=desk.cast.organisations[decision["organisation"]],
        person=desk.cast.people[decision["by"]],
        spoken=Spoken(decision["languages"]),
    )
    confirm_call(access=acting(desk.cast.people[way["confirmed_by"]], desk.workspace), call=call)


def approve_by_link(desk: Desk, round_: ApprovalRound, decision: Record, hashes: dict[str, str]) -> None:
    """The representative sent a link to a colleague without an account, who read and pressed. Nobody is
    written to."""
    way = decision["by_link"]
    link, token = make_one_time_link(
        maker=Maker(desk.cast.people[decision["by"]]),
        round_=round_,
        organisation=desk.cast.organisations[decision["organisation"]],
        guest=Guest(way["name"], way["email"], Language(way["language"])),
        languages=list(hashes),
    )
    outbox.take_back(about=mail_key(link))
    for language in hashes:
        look_by_link(token=token, language=language)
    decide_by_link(token=token, answer=Answer(DecisionKind.APPROVED, hashes))


def plan_calls(desk: Desk, demo: Demo, history: History) -> None:
    """Add to the history who was called about the draft's round, and reached or not."""
    for record in desk.record.get("round", {}).get("calls", ()):
        history.add(record["days_ago"], partial(_call, desk, demo, record))


def _call(desk: Desk, demo: Demo, record: Record) -> None:
    representative = demo.representative_of(record["organisation"])
    note_call(
        access=acting(desk.cast.people[record["by"]], desk.workspace),
        round_=desk.begun.rounds.get(),
        organisation=desk.cast.organisations[record["organisation"]],
        person=desk.cast.people[representative["email"]],
        reached=record["reached"],
        note=record.get("note", ""),
    )
