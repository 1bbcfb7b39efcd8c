"""Who may do what at the press desk. What is refused here is answered with words; who has no seat finds
nothing.

| | who plans events (editor, coordinator) | press officer with a seat that sees drafts | everyone else |
|---|---|---|---|
| keep, import, share contacts; call | yes | yes | no |
| write to contacts | only who publishes (coordinator) | yes | no |
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coalition.roles import Right
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import (
    may_keep_contacts,
    may_serve_press,
    require_that,
    works_here,
)
from documents.models import Contact
from events.press.coverage.models import Coverage, CoverageLink
from events.press.enquiries.models import Enquiry
from events.press.models import CallSheet, MailOut
from events.press.presenters import tabs_of
from events.press.spokespersons.models import Spokesperson
from events.press.talking_points.models import GuideLine


def may_tend_contact(access: Access, contact: Contact) -> bool:
    """Change, put away, share: people of the organisation that brought the contact."""
    return contact.organisation == access.organisation.uuid and may_keep_contacts(access)


def may_write_to_press(access: Access) -> bool:
    """Mail what is public to contacts: who publishes, and press officers. A mail cannot be taken back."""
    return may_serve_press(access)


def may_tend_mail_out(access: Access, mail_out: MailOut) -> bool:
    """Send it, discard it, take back what waits: people of the organisation that sends it."""
    return mail_out.organisation_id == access.organisation.pk and may_write_to_press(access)


def may_see_letters(access: Access, mail_out: MailOut) -> bool:
    """Whether the person sees everyone who was written to: people of the organisation that sends. Others see
    those whom their own organisation brought, and counts."""
    return mail_out.organisation_id == access.organisation.pk


def may_call(access: Access, sheet: CallSheet) -> bool:
    """See a call sheet and write down what came of a call: people of the organisation whose it is."""
    return sheet.organisation_id == access.organisation.pk and may_keep_contacts(access)


def may_tend_spokesperson(access: Access, spokesperson: Spokesperson) -> bool:
    """Change, remove, ask for consent: people of the organisation for which they speak."""
    here = spokesperson.workspace_id == access.workspace.pk
    own = spokesperson.organisation_id == access.organisation.pk
    return here and own and may_keep_contacts(access)


def may_tend_enquiry(access: Access, enquiry: Enquiry) -> bool:
    """Say who may know of it, and what was asked: people of the organisation that took it in."""
    return _is_of_desk(access, enquiry) and enquiry.organisation_id == access.organisation.pk


def may_answer_enquiry(access: Access, enquiry: Enquiry) -> bool:
    """Take it, choose who speaks, write down what came of it: also people of organisations with which it is
    shared, until another organisation has taken it."""
    own = enquiry.organisation_id == access.organisation.pk
    held_by = {None, enquiry.organisation_id, access.organisation.pk}
    return _is_of_desk(access, enquiry) and (own or (enquiry.shared and enquiry.taken_for_id in held_by))


def _is_of_desk(access: Access, enquiry: Enquiry) -> bool:
    return enquiry.workspace_id == access.workspace.pk and may_keep_contacts(access)


def may_tend_line(access: Access, line: GuideLine) -> bool:
    """Change a line of the message guide, take it out: who works at the press desk, also of another
    organisation, unless the line is only for people of one."""
    here = line.workspace_id == access.workspace.pk
    own = line.organisation_id == access.organisation.pk
    return here and may_keep_contacts(access) and (own or line.handling == Handling.WORKSPACE)


def may_tend_coverage(access: Access, coverage: Coverage) -> bool:
    """Change coverage, take it in or out: who works at the desk of the organisation that noted it, and who
    publishes."""
    own = coverage.organisation_id == access.organisation.pk
    leads = works_here(access, Right.PUBLISH)
    return coverage.workspace_id == access.workspace.pk and may_keep_contacts(access) and (own or leads)


def may_tend_coverage_link(access: Access, link: CoverageLink) -> bool:
    """See the address of a link for coverage, end it: people of the organisation that made it."""
    here = link.workspace_id == access.workspace.pk
    return here and link.organisation_id == access.organisation.pk and may_keep_contacts(access)


# --- access ---
# The door of the press desk.


def at_desk(request: HttpRequest, workspace: UUID) -> Access:
    """Access to a workspace for who works at its press desk. Http404 without a seat, NotAllowed in words for
    everyone else."""
    access = get_access(request, workspace)
    require_that(
        may_keep_contacts(access),
        _("The press desk is for editors, coordinators and press officers of this workspace."),
    )
    return access


def desk(access: Access, tab: str, **more: object) -> dict[str, Any]:
    """What every page of the desk needs."""
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "press",
        "tabs": tabs_of(access, tab),
        "may_write": may_write_to_press(access),
        **more,
    }
