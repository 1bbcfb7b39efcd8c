"""What open letters bring to the layers below. Called once from `ready()`."""

from coalition.audit.words import register_actions
from coalition.core.retention import rule
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.notifications.kinds import register_kinds
from documents.open_letters import messages
from documents.open_letters.actions import DAYS, forget_joinings


def register() -> None:
    """Words, kinds of notification, and what is forgotten."""
    register_actions(messages.ACTIONS)
    register_words(messages.ACTIVITIES)
    register_kinds(messages.KINDS)
    rule(
        "documents.forget_joinings",
        forget_joinings,
        of="documents.Joining: an organisation under an open letter, and who writes for it",
        until=f"unconfirmed {DAYS} days; address, contact and position AUDIT_PERSON_MONTHS after its end",
    )
