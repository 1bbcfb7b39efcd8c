"""Press desk presenters of contacts, mailings and call sheets, for pages and paper."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from coalition.accounts.models import Language, region_names
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.permissions import Access
from documents.contacts.models import Beat, Channel
from documents.drafts.permissions import may_manage_contacts
from documents.models import Contact, Outlet
from events.core.models import Event
from events.core.pdf.typeset import typeset
from events.press.messages import matter_title, messenger_messages
from events.press.models import CallOutcome, CallSheet, MailOut
from events.press.queries import calls_of, open_contacts, shares_of, unsubscribed_addresses

TABS_FOR_READERS = {"press_guide", "press_coverage"}  # readable for everyone who sees drafts


def press_desk_tabs(access: Access, current: str) -> list[dict[str, Any]]:
    """Return the pages of the press desk; for non-members those that they may read."""
    names = {
        "press": _("Media list"),
        "press_enquiries": _("Enquiries"),
        "press_speakers": _("Spokespersons"),
        "press_guide": _("Message guide"),
        "press_mail_outs": _("Mail-outs"),
        "press_call_sheets": _("Call sheets"),
        "press_coverage": _("Coverage"),
        "press_import": _("Import"),
    }
    is_member, args = may_manage_contacts(access), [access.workspace.uuid]
    return [
        {"label": label, "url": reverse(f"events:{name}", args=args), "current": name == current}
        for name, label in names.items()
        if is_member or name in TABS_FOR_READERS
    ]


def press_contact_rows(contacts: list[Contact], access: Access, viewer: Viewer) -> list[dict[str, Any]]:
    """Return rows of contacts that may be read in full: three queries. `owner`: "" for the reader's own."""
    shared = shares_of(contacts, access)
    unsubscribed = unsubscribed_addresses(one.address_print for one in contacts)
    own = access.organisation.uuid
    owners = organisations_with({one.organisation for one in contacts} - {own})
    rows = []
    for one in contacts:
        sharing, ended = (
            _("Shared with this workspace") if one.pk in shared else "",
            one.address_print in unsubscribed,
        )
        row = {
            "contact": one,
            "own": one.organisation == own,
            "owner": display_name_for(viewer, owners[one.organisation]) if one.organisation in owners else "",
            "languages": ", ".join(str(Language(code).label) for code in one.languages if code in Language),
            "about": ", ".join(
                [
                    *(str(Channel(code).label) for code in one.channels if code in Channel),
                    *(str(Beat(code).label) for code in one.beats if code in Beat),
                    *region_names(one.regions),
                ]
            ),
            "sharing": _("Shared with the coalition") if one.for_coalition else sharing,
            "ended": ended,
            "has_mail": bool(one.address_print) and not ended,
        }
        rows.append(row)
    return rows


def removed_contact() -> Contact:
    """Return what is displayed instead of a contact that was removed or is not shared any more."""
    return Contact(name=_("A contact that was removed"), outlet=Outlet(name=""), language="")


def matter_words(matter: MailOut | CallSheet) -> dict[str, Any]:
    """Return the subject of a mailing or call sheet: kind, title, URL."""
    about = matter.about
    title = matter_title(about, get_language() or "")
    if isinstance(about, Event):
        return {"kind": str(about.get_kind_display()), "title": title, "url": about.get_absolute_url()}
    url = reverse("documents:publication", args=[about.uuid])
    return {"kind": str(about.draft.get_kind_display()), "title": title, "url": url}


BADGES = {  # kind and icon
    CallOutcome.OPEN: ("internal", "clock"),
    CallOutcome.REACHED: ("yes", "check"),
    CallOutcome.COMES: ("yes", "person"),
    CallOutcome.NOT_REACHED: ("no", "x"),
    CallOutcome.AGAIN: ("wait", "again"),
}


def call_rows(access: Access, sheet: CallSheet) -> list[dict[str, Any]]:
    """Return call, contact, badge and time of the next call, in the sheet's order: a few queries."""
    calls = list(calls_of(sheet))
    rows = open_contacts(access).filter(uuid__in=[one.contact for one in calls])
    contacts, removed = {one.uuid: one for one in rows}, removed_contact()
    return [
        {
            "call": one,
            "contact": contacts.get(one.contact, removed),
            "badge": BADGES[CallOutcome(one.outcome)],
            "again": moment_with_time_zone(one.again_at) if one.again_at else "",
        }
        for one in calls
    ]


def table_heads() -> list[str]:
    """Return the column headings of the table."""
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


def call_cells(row: dict[str, Any]) -> dict[str, str]:
    """Return the cells of a row, in the order of `table_heads`."""
    contact, call = row["contact"], row["call"]
    return {
        "name": contact.name,
        "outlet": contact.outlet.name,
        "phone": contact.phone,
        "messenger": contact.messenger,
        "language": contact.get_language_display(),
        "outcome": call.get_outcome_display(),
        "again": row["again"],
        "note": call.note,
    }


def call_sheet_pdf(access: Access, sheet: CallSheet, language: str) -> bytes:
    """Render A4 pages with one line per call and what may be said, in the active language."""
    rows, matter = call_rows(access, sheet), matter_words(sheet)
    return typeset(
        "call_sheet.typ",
        {
            "language": language,
            "title": matter["title"],
            "heading": _("Call sheet"),
            "below": matter["kind"],
            "columns": [_("Name"), _("Phone"), _("Language"), _("Outcome")],
            "outcomes": [str(one.label) for one in CallOutcome if one != CallOutcome.OPEN],
            "rows": [
                call_cells(row) | ({"outcome": ""} if row["call"].outcome == CallOutcome.OPEN else {})
                for row in rows
            ],
            "say": _("What may be said: it is public"),
            "words": "".join(one.text for one in messenger_messages(sheet.about, language) if one.current),
            "foot": _("Names and numbers of journalists. Do not leave it lying about."),
        },
        event=sheet.event,
    )
