"""Audit entries and activities of what organisers do with letter actions, and their words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coalition.audit.log import ActionLabel
from coalition.campaigns.core import records
from coalition.campaigns.letters.models import LetterAction
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
    records.record_action(
        access,
        name,
        target=action.uuid,
        target_kind="letter_action",
        workspace=action.workspace,
        **detail,
    )


def notify_workspace(access: Access, action: LetterAction, kind: str) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    records.notify_workspace(
        access,
        kind,
        subject=action.uuid,
        subject_kind="letter_action",
        workspace=action.workspace,
        title=action.publication.title,
    )
