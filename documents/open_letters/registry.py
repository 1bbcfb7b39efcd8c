"""What open letters bring to the layers below. Called once from `ready()`."""

from coalition.audit.labels import register_actions
from coalition.core.retention import register_retention_rule
from coalition.workspaces.activity_sentences import register_activity_sentences
from coalition.workspaces.notifications.kinds import register_kinds
from documents.open_letters import messages
from documents.open_letters.actions import DAYS, forget_joinings


def register() -> None:
    """Words, kinds of notification, and what is forgotten."""
    register_actions(messages.ACTIONS)
    register_activity_sentences(messages.ACTIVITIES)
    register_kinds(messages.KINDS)
    register_retention_rule(
        "documents.forget_joinings",
        forget_joinings,
        of="documents.Joining: an organisation under an open letter, and who writes for it",
        until=f"unconfirmed {DAYS} days; address, contact and position AUDIT_PERSON_MONTHS after its end",
    )
