"""Audit entries and activities of what organisers do with letter actions, and their words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.audit.log import ActionLabel
from coalition.campaigns.letters.models import LetterAction
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access

AUDIT_ACTIONS: Mapping[str, ActionLabel] = {
    "letter_action.created": _("Letters to deputies were prepared"),
    "letter_action.changed": _("Letters to deputies were changed"),
    "letter_action.opened": _("Letters to deputies were opened to the public"),
    "letter_action.reopened": _("Letters to deputies were opened again"),
    "letter_action.closed": _("Letters to deputies were closed"),
}
ACTIVITIES: Mapping[str, ActionLabel] = {
    "letters_opened": _("%(actor)s opened letters to deputies: “%(title)s”."),
    "letters_reopened": _("%(actor)s opened letters to deputies again: “%(title)s”."),
    "letters_closed": _("%(actor)s closed letters to deputies: “%(title)s”."),
}


def record_letter_action(access: Access, action: LetterAction, name: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction. `detail` holds numbers and codes only."""
    log.record_audit(
        name,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="letter_action",
        target=action.uuid,
        workspace=action.workspace.uuid,
        **detail,
    )


def notify_workspace(access: Access, action: LetterAction, kind: str) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    activity.record_activity(
        kind,
        workspace=action.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind="letter_action",
        subject=action.uuid,
        title=action.publication.title,
    )
