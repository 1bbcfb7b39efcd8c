"""The door of the press desk."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from events.press.permissions import may_keep_contacts, may_write_to_press, require_that
from events.press.presenters import tabs_of


def at_desk(request: HttpRequest, workspace: UUID) -> Access:
    """Access to a workspace for who works at its press desk. Http404 without a seat, NotAllowed in words for
    everyone else."""
    access = door.enter(request, workspace)
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
