"""Press desk presenters of contacts, mailings and calls for one reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.accounts.regions import region_names
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat, Channel
from documents.drafts.permissions import may_manage_contacts
from documents.models import Contact
from events.core.models import Event
from events.press.capability import matter_title
from events.press.models import CallSheet, MailOut
from events.press.queries import shares_of, unsubscribed_addresses

TABS_FOR_READERS = {"press_guide", "press_coverage"}  # readable for everyone who sees drafts


@dataclass(frozen=True)
class ContactRow:
    """Contact that may be read in full. `owner`: its organisation, "" for the reader's own."""

    contact: Contact
    own: bool
    owner: str
    languages: str
    about: str
    sharing: str
    ended: bool

    @property
    def has_mail(self) -> bool:
        return bool(self.contact.address_print) and not self.ended


@dataclass(frozen=True)
class PressDeskTab:
    """Page of the press desk."""

    label: str
    url: str
    current: bool
    count: int | None = field(default=None)


def press_desk_tabs(access: Access, current: str) -> list[PressDeskTab]:
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
    works_there = may_manage_contacts(access)
    return [
        PressDeskTab(label, reverse(f"events:{name}", args=[access.workspace.uuid]), current=name == current)
        for name, label in names.items()
        if works_there or name in TABS_FOR_READERS
    ]


def press_contact_rows(contacts: list[Contact], access: Access, viewer: Viewer) -> list[ContactRow]:
    """Return the rows of a page: three queries, whatever their number."""
    shared = shares_of(contacts, access)
    ended = unsubscribed_addresses(one.address_print for one in contacts)
    own = access.organisation.uuid
    owners = organisations_with({one.organisation for one in contacts} - {own})
    return [
        ContactRow(
            contact=one,
            own=one.organisation == own,
            owner=display_name_for(viewer, owners[one.organisation]) if one.organisation in owners else "",
            languages=", ".join(str(Language(code).label) for code in one.languages if code in Language),
            about=", ".join(_about(one)),
            sharing=sharing_of(one, here=one.pk in shared),
            ended=one.address_print in ended,
        )
        for one in contacts
    ]


def sharing_of(contact: Contact, *, here: bool) -> str:
    """Return a sentence on who else may use the contact."""
    if contact.for_coalition:
        return _("Shared with the coalition")
    return _("Shared with this workspace") if here else ""


def _about(contact: Contact) -> Iterable[str]:
    yield from (str(Channel(code).label) for code in contact.channels if code in Channel)
    yield from (str(Beat(code).label) for code in contact.beats if code in Beat)
    yield from region_names(contact.regions)


def matter_words(matter: MailOut | CallSheet) -> dict[str, Any]:
    """Return the subject of a mailing or call sheet: kind, title, URL."""
    about = matter.about
    title = matter_title(about, get_language() or "")
    if isinstance(about, Event):
        return {"kind": str(about.get_kind_display()), "title": title, "url": about.get_absolute_url()}
    url = reverse("documents:publication", args=[about.uuid])
    return {"kind": str(about.draft.get_kind_display()), "title": title, "url": url}
