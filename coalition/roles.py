"""Roles in a workspace and their rights, as one table (docs/roles.md explains it).

Seats are the source of truth; `workspaces.domain.grants` derives guardian rows from this table.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeatRole(models.TextChoices):
    OBSERVER = "observer", _("Observer")
    REVIEWER = "reviewer", _("Reviewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    COORDINATOR = "coordinator", _("Coordinator")


class Right(models.TextChoices):
    """A right on a workspace; the value is the codename of its permission."""

    SEE = "see_workspace", _("See the workspace, its events and what it published")
    SEE_DRAFTS = "see_drafts", _("See drafts, comments and files")
    COMMENT = "comment", _("Comment")
    SUGGEST = "suggest", _("Suggest edits")
    CREATE = "create_drafts", _("Create drafts and files, edit own ones")
    EDIT = "edit_drafts", _("Edit every draft, accept suggestions, name versions")
    PLAN = "plan_events", _("Plan events, answer press registrations, run check-in")
    PUBLISH = "publish", _("Put to approval, publish, correct, withdraw")
    MANAGE = "manage", _("Give and take seats, invite organisations, change settings, archive")


_OBSERVER = frozenset({Right.SEE})
_REVIEWER = _OBSERVER | {Right.SEE_DRAFTS, Right.COMMENT, Right.SUGGEST}
_CONTRIBUTOR = _REVIEWER | {Right.CREATE}
_EDITOR = _CONTRIBUTOR | {Right.EDIT, Right.PLAN}
_COORDINATOR = _EDITOR | {Right.PUBLISH, Right.MANAGE}

RIGHTS: dict[SeatRole, frozenset[Right]] = {
    SeatRole.OBSERVER: _OBSERVER,
    SeatRole.REVIEWER: _REVIEWER,
    SeatRole.CONTRIBUTOR: _CONTRIBUTOR,
    SeatRole.EDITOR: _EDITOR,
    SeatRole.COORDINATOR: _COORDINATOR,
}
