"""The press office: a media list, a mail-out about the press conference, a call sheet half done."""

from dataclasses import dataclass, field
from functools import partial

from coalition.accounts.models import Language
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.contacts.actions import ContactData, add_contact, share_contact
from documents.models import Contact
from events.core.enums import EventKind
from events.models import Event
from events.press.actions import make_call_sheet, record_press_call
from events.press.mailings import actions as mailings_actions
from events.press.mailings.actions import record_letter_result
from events.press.models import CallOutcome
from events.press.queries import events_to_tell

ADDED, TOLD, CALLED = 20, 4, 1  # days ago
NOBODY_THERE = "refused 550"


@dataclass
class MediaList:
    """The contacts seeded so far. `by`: the press officer's address."""

    accounts: Accounts
    workspace: Workspace
    by: str
    contacts: dict[str, Contact] = field(default_factory=dict)


def plan_press(demo: Demo, accounts: Accounts, workspace: Workspace, history: History) -> None:
    """Plan the media list, the mail-out and the calls. Call after the events are planned."""
    media = MediaList(accounts, workspace, demo.press[0]["by"])
    for record in demo.press:
        history.add(ADDED, partial(_add, media, record))
    history.add(TOLD, partial(_tell, media, demo.press))
    history.add(CALLED, partial(_call, media, demo.press))


def _add(media: MediaList, record: Record) -> None:
    access = access_of(media.accounts.people[record["by"]], media.workspace)
    person = ContactData(
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
    share_contact(
        access=access, contact=contact, coalition=wanted == "coalition", workspace=wanted == "workspace"
    )
    media.contacts[record["name"]] = contact


def _tell(media: MediaList, records: list[Record]) -> None:
    """Create the mail-out in its final state. No mail is sent."""
    access = access_of(media.accounts.people[media.by], media.workspace)
    told = {media.contacts[one["name"]].uuid: one["told"] for one in records if "told" in one}
    made = mailings_actions.prepare_mail_out(access=access, event=_conference(media), contacts=told)
    mailings_actions.send_mail_out(access=access, mail_out=made)
    scheduler.cancel(kind=mailings_actions.SEND_MAIL_OUT, key=str(made.uuid))
    for letter in made.letters.select_related("mail_out"):
        refused = told[letter.contact] == "refused"
        state = OutboxMail.State.FAILED if refused else OutboxMail.State.SENT
        record_letter_result(mailings_actions.letter_mail_key(letter), state, NOBODY_THERE if refused else "")


def _call(media: MediaList, records: list[Record]) -> None:
    access = access_of(media.accounts.people[media.by], media.workspace)
    called = {media.contacts[one["name"]].uuid: one for one in records if "outcome" in one}
    sheet = make_call_sheet(access=access, event=_conference(media), contacts=called)
    for call in sheet.calls.all():
        record = called[call.contact]
        outcome = CallOutcome(record["outcome"])
        if outcome != CallOutcome.OPEN:
            note = record.get("note", "")
            record_press_call(access=access, call=call, outcome=outcome, note=note, again_at=None)


def _conference(media: MediaList) -> Event:
    access = access_of(media.accounts.people[media.by], media.workspace)
    rows = events_to_tell(access)
    return rows.filter(kind=EventKind.PRESS_CONFERENCE).first() or rows[0]
