"""The press desk: a media list, the press conference mailed to some of it, a call sheet half called."""

from dataclasses import dataclass, field
from functools import partial

from coalition.accounts.enums import Language
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.history import History
from demo.seed.workspaces import acting
from documents.contacts.actions import Person, add_contact, share
from documents.models import Contact
from events.core.enums import EventKind
from events.models import Event
from events.press.call_sheets.actions import make_call_sheet, note_call
from events.press.enums import CallOutcome
from events.press.mailings.actions import mailing
from events.press.mailings.actions.send import ended
from events.press.queries import events_to_tell

ADDED, TOLD, CALLED = 20, 4, 1  # days ago
NOBODY_THERE = "refused 550"


@dataclass
class Desk:
    """The desk while its history is told. `by`: who serves the media."""

    cast: Cast
    workspace: Workspace
    by: str
    contacts: dict[str, Contact] = field(default_factory=dict)


def plan_press(demo: Demo, cast: Cast, workspace: Workspace, history: History) -> None:
    """Add the media list, the mail-out and the calls to the history. After the events."""
    desk = Desk(cast, workspace, demo.press[0]["by"])
    for record in demo.press:
        history.add(ADDED, partial(_add, desk, record))
    history.add(TOLD, partial(_tell, desk, demo.press))
    history.add(CALLED, partial(_call, desk, demo.press))


def _add(desk: Desk, record: Record) -> None:
    access = acting(desk.cast.people[record["by"]], desk.workspace)
    person = Person(
        outlet=record["outlet"],
        name=record["name"],
        address=record.get("email", ""),
        phone=record.get("phone", ""),
        messenger=record.get("messenger", ""),
        language=Language(record["language"]),
        **{name: record.get(name, []) for name in ("also_reads", "beats", "regions", "channels")},
    )
    contact = add_contact(access=access, person=person)
    wanted = record.get("shared", "")
    share(access=access, contact=contact, coalition=wanted == "coalition", workspace=wanted == "workspace")
    desk.contacts[record["name"]] = contact


def _tell(desk: Desk, records: list[Record]) -> None:
    """The mail-out as it looks when all is over. Nobody is written to."""
    access = acting(desk.cast.people[desk.by], desk.workspace)
    told = {desk.contacts[one["name"]].uuid: one["told"] for one in records if "told" in one}
    made = mailing.prepare(access=access, event=_conference(desk), contacts=told)
    mailing.send(access=access, mail_out=made)
    scheduler.cancel(kind=mailing.SEND, key=str(made.uuid))
    for letter in made.letters.select_related("mail_out"):
        refused = told[letter.contact] == "refused"
        state = OutboxMail.State.FAILED if refused else OutboxMail.State.SENT
        ended(mailing.key_of(letter), state, NOBODY_THERE if refused else "")


def _call(desk: Desk, records: list[Record]) -> None:
    access = acting(desk.cast.people[desk.by], desk.workspace)
    called = {desk.contacts[one["name"]].uuid: one for one in records if "outcome" in one}
    sheet = make_call_sheet(access=access, event=_conference(desk), contacts=called)
    for call in sheet.calls.all():
        record = called[call.contact]
        outcome = CallOutcome(record["outcome"])
        if outcome != CallOutcome.OPEN:
            note = record.get("note", "")
            note_call(access=access, call=call, outcome=outcome, note=note, again_at=None)


def _conference(desk: Desk) -> Event:
    access = acting(desk.cast.people[desk.by], desk.workspace)
    rows = events_to_tell(access)
    return rows.filter(kind=EventKind.PRESS_CONFERENCE).first() or rows[0]
