"""Spokespersons and enquiries in the world in which every secret has a word: kept, agreed, shared."""

import datetime

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from events.models import Enquiry, GuideLine, Spokesperson
from events.press.coverage.actions import add_coverage, make_coverage_link, submit_coverage
from events.press.coverage.models import CoverageKind
from events.press.coverage.spreadsheet_import import read_coverage_sheet
from events.press.enquiries.actions import (
    add_enquiry,
    add_enquiry_note,
    close_enquiry,
    save_guide_line,
    share_enquiry,
    write_briefing,
)
from events.press.enquiries.models import LineKind
from events.press.spokespersons.actions import add_spokesperson, agree_to_be_named
from tests.permissions.press_world import DESK, LEAD
from tests.permissions.world import READERS, World

KNOWING = {"enquiry_other": "admitted", "guide_other": "admitted"}
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
    made.things["coverage"] = _coverage(made, lead)
    made.things["guide"] = _guide(made, lead, other, enquiry)
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
    return add_spokesperson(
        access=access,
        languages=["kk"],
        own_name=name,
        address=f"canaryspeaker{kind}guest@tests.example",
        phone=made.canary(f"speaker{kind}", "phone", phone or who),
        hours_note=made.canary(f"speaker{kind}", "hours", who),
        topics=["law"],
    )


def _enquiry(made: World, access: Access, kind: str, who: object) -> Enquiry:
    words = {what: made.canary(f"enquiry{kind}", what, who) for what in ("name", "reached_at", "question")}
    outlet = made.canary(f"enquiry{kind}", "outlet", DESK)
    soon = now() + datetime.timedelta(hours=6)
    row = add_enquiry(access=access, outlet=outlet, language=Language.KK, deadline=soon, topic="law", **words)
    add_enquiry_note(access=access, enquiry=row, words=made.canary(f"enquiry{kind}", "note", who))
    if kind == "shared":
        close_enquiry(access=access, enquiry=row, reason=made.canary(f"enquiry{kind}", "reason", who))
    return row


def _guide(made: World, lead: Access, other: Access, enquiry: Enquiry) -> dict[str, object]:
    """Lines for the workspace and for one organisation, and a briefing."""
    rows = [
        _line(made, lead, "common", READERS, Handling.WORKSPACE),
        _line(made, lead, "own", READERS - {"admitted"}, Handling.ORGANISATION),
        _line(made, other, "theirs", {"admitted"}, Handling.ORGANISATION),
    ]
    write_briefing(
        access=lead, enquiry=enquiry, note=made.canary("briefing", "note", LEAD), lines=[rows[0].uuid]
    )
    made.things["guide_other"] = {"workspace": made.workspace.uuid, "line": rows[2].uuid}
    return {"workspace": made.workspace.uuid, "line": rows[0].uuid, "enquiry": enquiry.uuid}


def _line(made: World, access: Access, kind: str, who: object, mark: Handling) -> GuideLine:
    head, text = (made.canary(f"line{kind}", what, who) for what in ("head", "text"))
    return save_guide_line(
        access=access, kind=LineKind.QUESTION, head={"kk": head}, text={"kk": text}, handling=mark
    )


def _coverage(made: World, access: Access) -> dict[str, object]:
    """What is counted, what waits, a link, a spreadsheet."""
    made_link = make_coverage_link(
        access=access, label=made.canary("coveragelink", "label", LEAD), language=Language.KK
    )
    day = datetime.date(2026, 1, 1)
    outlet = made.canary("coverage", "outlet", READERS)
    row = add_coverage(access=access, outlet=outlet, kind=CoverageKind.ONLINE, on=day, title="One")
    waiting = made.canary("coveragewaiting", "outlet", DESK)
    submit_coverage(source=made_link, outlet=waiting, kind=CoverageKind.ONLINE, on=day, title="Two")
    cell = made.canary("coverage", "sheet", {"coordinator"})
    content = f"outlet,date,link\n{cell},2026-01-01,https://a.example/{cell}\n".encode()
    sheet = read_coverage_sheet(access=access, name="a.csv", content=content)
    return {
        "workspace": made.workspace.uuid,
        "coverage": row.uuid,
        "link": made_link.uuid,
        "sheet": sheet.uuid,
    }
