"""Spokespersons and enquiries in the world in which every secret has a word: kept, agreed, shared."""

import datetime

from coalition.clock.now import now
from coalition.partners.enums import Language
from coalition.workspaces.rules import Access, access_to
from events.domain.answer_enquiry import close_enquiry
from events.domain.enquiries import Asked, share_enquiry, take_in_enquiry, write_note
from events.domain.speaking_consent import agree_to_be_named
from events.domain.spokespersons import Speaking, add_spokesperson
from events.models import Enquiry, Spokesperson
from tests.permissions.press_world import DESK, LEAD
from tests.permissions.world import World

KNOWING = {"enquiry_other": "admitted"}
NOWHERE: tuple[str, ...] = ()


def add_voices(made: World) -> None:
    """After the press desk: its people work here too."""
    lead = access_to(made.people["coordinator"], made.workspace.uuid)
    other = access_to(made.people["admitted"], made.workspace.uuid)
    own = _speaker(made, lead, "own", LEAD)
    agreed = _speaker(made, lead, "agreed", DESK, phone=LEAD)
    agree_to_be_named(spokesperson=agreed, with_phone=False)
    enquiry = _enquiry(made, lead, "own", LEAD)
    shared = _enquiry(made, lead, "shared", DESK)
    share_enquiry(access=lead, enquiry=shared, shared=True)
    theirs = _enquiry(made, other, "theirs", {"admitted"})
    made.things["voices"] = {
        "workspace": made.workspace.uuid,
        "spokesperson": own.uuid,
        "enquiry": enquiry.uuid,
    }
    made.things["voices_agreed"] = {"workspace": made.workspace.uuid, "spokesperson": agreed.uuid}
    made.things["enquiry_shared"] = {"workspace": made.workspace.uuid, "enquiry": shared.uuid}
    made.things["enquiry_other"] = {"workspace": made.workspace.uuid, "enquiry": theirs.uuid}


def _speaker(made: World, access: Access, kind: str, who: object, *, phone: object = None) -> Spokesperson:
    name = made.canary(f"speaker{kind}", "name", who)
    said = Speaking(
        languages=["kk"],
        name=name,
        address=f"canaryspeaker{kind}guest@tests.example",
        phone=made.canary(f"speaker{kind}", "phone", phone or who),
        hours_note=made.canary(f"speaker{kind}", "hours", who),
        topics=["law"],
    )
    return add_spokesperson(access=access, said=said)


def _enquiry(made: World, access: Access, kind: str, who: object) -> Enquiry:
    words = {what: made.canary(f"enquiry{kind}", what, who) for what in ("name", "reached_at", "question")}
    outlet = made.canary(f"enquiry{kind}", "outlet", DESK)
    soon = now() + datetime.timedelta(hours=6)
    asked = Asked(outlet=outlet, language=Language.KK, deadline=soon, topic="law", **words)
    row = take_in_enquiry(access=access, asked=asked)
    write_note(access=access, enquiry=row, words=made.canary(f"enquiry{kind}", "note", who))
    if kind == "shared":
        close_enquiry(access=access, enquiry=row, reason=made.canary(f"enquiry{kind}", "reason", who))
    return row
