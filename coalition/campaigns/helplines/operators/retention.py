"""How long the audit log tells when a line was said to be open, overloaded or closed."""

from typing import Final

from coalition.audit import log
from coalition.campaigns.helplines.operators.actions import AVAILABILITY
from coalition.core.retention import RetentionRule, days_ago

AVAILABILITY_LOG_DAYS: Final = 30


def forget_availability() -> int:
    """Delete old entries of `helpline.availability` from the audit log: together they would tell for ever
    when somebody worked at a line, and when many called. Returns how many."""
    return log.delete_old_entries(AVAILABILITY, before=days_ago(AVAILABILITY_LOG_DAYS))


AVAILABILITY_LOG = RetentionRule(
    name="campaigns.helpline_availability",
    of="audit.AuditEntry: when a helpline was said to be open, overloaded or closed",
    until=f"{AVAILABILITY_LOG_DAYS} days",
    forget=forget_availability,
)
