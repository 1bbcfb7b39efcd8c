"""The press desk in the world in which every secret has a word: contacts that are kept, shared and removed, a
mail-out, a call sheet, a spreadsheet that waits."""

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access, access_to
from documents.contacts.actions import ContactData, add_contact, share_contact
from documents.models import Contact
from events.models import Call, Event
from events.press.actions import make_call_sheet, mark_contact_removed, record_press_call
from events.press.contact_import import read_contact_sheet
from events.press.mailings.actions import prepare_mail_out, queue_waiting_letters, send_mail_out
from events.press.models import CallOutcome
from tests.permissions.world import World

LEAD = frozenset({"editor", "coordinator"})  # who works at the desk for the lead organisation
DESK = LEAD | {"admitted"}  # and for another one of this workspace
WIDER = DESK | {"neighbour"}
KNOWING = {"press_other": "admitted"}
NOWHERE = tuple(f"pressremoved{what}" for what in ("outlet", "name", "address", "phone", "messenger"))


def add_press(made: World) -> None:
    """After the events: one of them is told to the press."""
    lead = access_to(made.people["coordinator"], made.workspace.uuid)
    other = access_to(made.people["admitted"], made.workspace.uuid)
    own = _contact(made, lead, "own", who=LEAD, outlet=DESK)
    here = _contact(made, lead, "here", who=DESK, outlet=DESK)
    share_contact(access=lead, contact=here, coalition=False, workspace=True)
    wide = _contact(made, lead, "wide", who=WIDER, outlet=WIDER)
    share_contact(access=lead, contact=wide, coalition=True, workspace=False)
    theirs = _contact(made, other, "theirs", who={"admitted"}, outlet=DESK)
    mark_contact_removed(access=lead, contact=_contact(made, lead, "removed", who=(), outlet=()))
    event = Event.objects.get(uuid=made.things["event_public"]["event"])
    contacts = [own.uuid, here.uuid]
    mail_out = prepare_mail_out(access=lead, event=event, contacts=contacts)
    send_mail_out(access=lead, mail_out=mail_out)
    queue_waiting_letters(str(mail_out.uuid), {})
    calls = make_call_sheet(access=lead, event=event, contacts=contacts)
    call: Call = calls.calls.first()
    note = made.canary("press", "note", LEAD)
    record_press_call(access=lead, call=call, outcome=CallOutcome.REACHED, note=note, again_at=None)
    row = made.canary("press", "sheet", {"coordinator"})
    content = f"outlet;name;email\n{row};{row};{row}@tests.example"
    sheet = read_contact_sheet(access=lead, name=f"{row}.csv", content=content.encode(), language=Language.KK)
    made.things["press"] = {
        "workspace": made.workspace.uuid,
        "contact": own.uuid,
        "mail_out": mail_out.uuid,
        "calls": calls.uuid,
        "call": call.uuid,
        "sheet": sheet.uuid,
    }
    made.things["press_other"] = {"workspace": made.workspace.uuid, "contact": theirs.uuid}


def _contact(made: World, access: Access, kind: str, *, who: object, outlet: object) -> Contact:
    said = {
        what: made.canary(f"press{kind}", what, who) for what in ("name", "address", "phone", "messenger")
    }
    said["address"] += "@tests.example"
    said["outlet"] = made.canary(f"press{kind}", "outlet", outlet)
    return add_contact(access=access, person=ContactData(**said, language=Language.EN))
