"""What the pages of the press desk show of contacts, mail-outs and calls, in words for one reader."""

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
from documents.drafts.permissions import may_keep_contacts
from documents.models import Contact
from events.core.models import Event
from events.press.contacts.queries import shares_of, stopped
from events.press.messages import title_of
from events.press.models import CallSheet, MailOut

READ_BY_ALL = {"press_guide", "press_coverage"}  # by everyone who sees drafts


@dataclass(frozen=True)
class ContactRow:
    """One contact of which everything may be seen. `owner`: whose it is, "" for the reader's own."""

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
class Tab:
    """One of the desk's pages."""

    label: str
    url: str
    current: bool
    count: int | None = field(default=None)


def tabs_of(access: Access, current: str) -> list[Tab]:
    """The pages of the press desk; for who does not work there those that they may read."""
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
    works_there = may_keep_contacts(access)
    return [
        Tab(label, reverse(f"events:{name}", args=[access.workspace.uuid]), current=name == current)
        for name, label in names.items()
        if works_there or name in READ_BY_ALL
    ]


def rows_of(contacts: list[Contact], access: Access, viewer: Viewer) -> list[ContactRow]:
    """The rows of a page: three queries, whatever their number."""
    shared = shares_of(contacts, access)
    ended = stopped(one.address_print for one in contacts)
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
    """Who else may use it, in words."""
    if contact.for_coalition:
        return _("Shared with the coalition")
    return _("Shared with this workspace") if here else ""


def _about(contact: Contact) -> Iterable[str]:
    yield from (str(Channel(code).label) for code in contact.channels if code in Channel)
    yield from (str(Beat(code).label) for code in contact.beats if code in Beat)
    yield from region_names(contact.regions)


def matter_words(matter: MailOut | CallSheet) -> dict[str, Any]:
    """What a mail-out or a call sheet is about: its kind, its title, and where it stands."""
    about = matter.about
    title = title_of(about, get_language() or "")
    if isinstance(about, Event):
        return {"kind": str(about.get_kind_display()), "title": title, "url": about.get_absolute_url()}
    url = reverse("documents:publication", args=[about.uuid])
    return {"kind": str(about.draft.get_kind_display()), "title": title, "url": url}
