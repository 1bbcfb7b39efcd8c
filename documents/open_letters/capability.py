"""What open letters hand over to `documents.registry`."""

from coalition.core.retention import RetentionRule
from documents.capability import Capability
from documents.hooks import Hooks
from documents.open_letters import messages
from documents.open_letters.actions import CONFIRMATION_DAYS, forget_joinings, notify_joined_organisations
from documents.open_letters.queries import letter_on_sheet

OPEN_LETTERS = Capability(
    name="open_letters",
    urls="documents.open_letters.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    notification_kinds=messages.KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_joinings",
            of="documents.Joining: an organisation under an open letter, and who writes for it",
            until=f"unconfirmed {CONFIRMATION_DAYS} days; address, contact and position"
            " AUDIT_PERSON_MONTHS after its end",
            forget=forget_joinings,
        ),
    ),
    hooks=Hooks(corrected=[notify_joined_organisations], sheet_context=[letter_on_sheet]),
)
