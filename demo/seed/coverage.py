"""Lines of the message guide, and coverage by invented outlets."""

import datetime

from django.utils import timezone

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.press_record import PressRecord
from demo.seed.workspaces import access_of
from documents.drafts.models import Handling
from documents.facts.queries import facts_for
from events.core.enums import EventKind
from events.core.queries import seated_events_for
from events.models import CoverageLink, Event
from events.press.coverage.actions import add_coverage, make_coverage_link, submit_coverage
from events.press.coverage.models import Proof
from events.press.enquiries.actions import save_guide_line


def write_guide_line(press: PressRecord, record: Record) -> None:
    """Add a line to the message guide; `facts` of the record is the number of facts beside it."""
    access = access_of(press.accounts.people[record["by"]], press.workspace)
    facts = facts_for(access.user).exclude(checked=None).order_by("pk")[: record.get("facts", 0)]
    save_guide_line(
        access=access,
        kind=record["kind"],
        head=record["head"],
        text=record.get("text", {}),
        topic=record.get("topic", ""),
        handling=Handling.ORGANISATION if record.get("own") else Handling.WORKSPACE,
        facts=[one.uuid for one in facts],
    )


def record_coverage(press: PressRecord, record: Record) -> None:
    """Add one entry on the day of publication; with `by_link` the outlet sent it, and it waits for review."""
    access = access_of(press.accounts.people[record["by"]], press.workspace)
    aired = record.get("at")
    fields = {
        "outlet": record["outlet"],
        "kind": record["kind"],
        "on": timezone.localdate(now()),
        "title": record["title"],
        "aired_at": datetime.time.fromisoformat(aired) if aired else None,
        "programme": record.get("programme", ""),
        "link": record.get("link", ""),
        "language": record["language"],
        "region": record.get("region", ""),
        "reach": record.get("reach"),
        "proof": record.get("proof", Proof.NOT_KNOWN),
        "tone": record.get("tone", ""),
        "event": _conference(access) if record.get("conference") else None,
    }
    if record.get("by_link"):
        submit_coverage(source=_link(press, access, record), **fields)
    else:
        add_coverage(access=access, **fields)


def _conference(access: Access) -> Event | None:
    rows = seated_events_for(access.user, access.workspace)
    return rows.filter(kind=EventKind.PRESS_CONFERENCE).first()


def _link(press: PressRecord, access: Access, record: Record) -> CoverageLink:
    if press.link is None:
        language = Language(record["language"])
        press.link = make_coverage_link(access=access, label=record["outlet"], language=language)
    return press.link
