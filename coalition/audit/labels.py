"""What actions are called in the audit log that coordinators read."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type ActionLabel = str | Promise

_action_labels: dict[str, ActionLabel] = {
    "workspace.created": _("Workspace opened"),
    "workspace.described": _("Title or purpose changed"),
    "workspace.archived": _("Workspace archived"),
    "workspace.taken_back": _("Workspace taken back from the archive"),
    "organisation.joined": _("Organisation brought in"),
    "organisation.left": _("Organisation left"),
    "seat.given": _("Seat given"),
    "seat.changed": _("Seat changed"),
    "seat.taken": _("Seat taken away"),
    "freeze.asked": _("Freeze asked for"),
    "freeze.in_force": _("Organisation frozen"),
    "freeze.withdrawn": _("Freeze no longer asked for"),
    "freeze.thaw_asked": _("Thaw asked for"),
    "freeze.thawed": _("Organisation thawed"),
}


def register_actions(words: Mapping[str, ActionLabel]) -> None:
    """Name the actions that a higher layer records."""
    _action_labels.update(words)


def action_label(action: str) -> str:
    """The action in the reader's language; its code where nobody named it."""
    return str(_action_labels.get(action, action))
