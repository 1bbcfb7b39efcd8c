"""Permissions of the press desk. A refusal here carries a message; users without a seat get 404.

| | organisers (editor, coordinator) | press officer with a seat that sees drafts | others |
|---|---|---|---|
| keep, import, share contacts; call | yes | yes | no |
| write to contacts | only publishers (coordinator) | yes | no |
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coalition.roles import Right
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.drafts.permissions import has_active_right, may_manage_contacts, may_serve_press, require_that
from events.press.coverage.models import Coverage
from events.press.enquiries.models import Enquiry, GuideLine
from events.press.models import CallSheet, MailOut, PressDeskRow
from events.press.presenters import press_desk_tabs


def may_write_to_press(access: Access) -> bool:
    """Whether the user may mail contacts: publishers and press officers. Mails cannot be recalled."""
    return may_serve_press(access)


def may_manage_mail_out(access: Access, mail_out: MailOut) -> bool:
    """Whether the user may send, delete or stop the mailing: people of the sending organisation."""
    return mail_out.organisation_id == access.organisation.pk and may_write_to_press(access)


def may_see_letters(access: Access, mail_out: MailOut) -> bool:
    """Whether the user may see every recipient; others see contacts of their own, and counts."""
    return mail_out.organisation_id == access.organisation.pk


def may_call(access: Access, sheet: CallSheet) -> bool:
    """Whether the user may read a call sheet and record outcomes: people of its organisation."""
    return sheet.organisation_id == access.organisation.pk and may_manage_contacts(access)


def may_manage_own(access: Access, row: PressDeskRow) -> bool:
    """Whether the user may manage a spokesperson, enquiry or coverage link: people of its organisation."""
    return _is_at_desk(access, row) and row.organisation_id == access.organisation.pk


def may_answer_enquiry(access: Access, enquiry: Enquiry) -> bool:
    """Whether the user may take it, set the spokesperson and add notes: also those with whom it is shared,
    until another organisation has taken it."""
    own = enquiry.organisation_id == access.organisation.pk
    held_by = {None, enquiry.organisation_id, access.organisation.pk}
    return _is_at_desk(access, enquiry) and (own or (enquiry.shared and enquiry.taken_for_id in held_by))


def _is_at_desk(access: Access, row: PressDeskRow) -> bool:
    return row.workspace_id == access.workspace.pk and may_manage_contacts(access)


def may_manage_line(access: Access, line: GuideLine) -> bool:
    """Whether the user may change or archive a line: the press desk, unless it is restricted to others."""
    own = line.organisation_id == access.organisation.pk
    return _is_at_desk(access, line) and (own or line.handling == Handling.WORKSPACE)


def may_manage_coverage(access: Access, coverage: Coverage) -> bool:
    """Whether the user may change, accept or archive coverage: people of its organisation, and publishers."""
    own = coverage.organisation_id == access.organisation.pk
    return _is_at_desk(access, coverage) and (own or has_active_right(access, Right.PUBLISH))


def get_press_desk_access(request: HttpRequest, workspace: UUID) -> Access:
    """Return access for press desk members. Raises Http404 without a seat, NotAllowed for everyone else."""
    access = get_access(request, workspace)
    require_that(
        may_manage_contacts(access),
        _("The press desk is for editors, coordinators and press officers of this workspace."),
    )
    return access


def press_desk_context(access: Access, tab: str, **more: object) -> dict[str, Any]:
    """Return the template context of all press desk pages."""
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "press",
        "tabs": press_desk_tabs(access, tab),
        "may_write": may_write_to_press(access),
        **more,
    }
