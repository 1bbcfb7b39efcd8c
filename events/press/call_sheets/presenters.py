"""The rows of a call sheet: who, where to call, what came of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.permissions import Access
from events.press.contacts.queries import open_contacts
from events.press.enums import CallOutcome
from events.press.models import Call

_KINDS = {
    CallOutcome.OPEN: ("internal", "clock"),
    CallOutcome.REACHED: ("yes", "check"),
    CallOutcome.COMES: ("yes", "person"),
    CallOutcome.NOT_REACHED: ("no", "x"),
    CallOutcome.AGAIN: ("wait", "again"),
}


@dataclass(frozen=True)
class CallRow:
    """One call. Of a contact that was removed, or is not shared any more, nothing is told."""

    call: Call
    name: str
    outlet: str
    phone: str
    messenger: str
    language: str
    outcome: str
    kind: str
    icon: str
    again: str
    by: str


def call_rows(access: Access, calls: list[Call]) -> list[CallRow]:
    """The rows, in the sheet's order: a few queries, whatever their number."""
    rows = open_contacts(access).filter(uuid__in=[one.contact for one in calls])
    contacts = {one.uuid: one for one in rows}
    found = []
    for one in calls:
        contact = contacts.get(one.contact)
        outcome = CallOutcome(one.outcome)
        kind, icon = _KINDS[outcome]
        found.append(
            CallRow(
                call=one,
                name=contact.name if contact else _("A contact that was removed"),
                outlet=contact.outlet.name if contact else "",
                phone=contact.phone if contact else "",
                messenger=contact.messenger if contact else "",
                language=str(Language(contact.language).label) if contact else "",
                outcome=str(outcome.label),
                kind=kind,
                icon=icon,
                again=moment_with_time_zone(one.again_at) if one.again_at else "",
                by=one.called_by.name if one.called_by else "",
            )
        )
    return found


def heads() -> list[str]:
    """The heads of the table."""
    return [
        _("Name"),
        _("Outlet"),
        _("Phone"),
        _("Messenger"),
        _("Language"),
        _("Outcome"),
        _("Call again at"),
        _("Note"),
    ]


def cells_of(row: CallRow) -> list[str]:
    """The cells of a row."""
    cells = [row.name, row.outlet, row.phone, row.messenger, row.language, row.outcome, row.again]
    return [*cells, row.call.note]
