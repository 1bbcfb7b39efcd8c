"""How long uses are stored, and who planned them is known."""

from django.db.models import Q
from django.utils import timezone

from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.core.retention import Rule, days_ago, delete, empty, long_ago

DELETE_AFTER_DAYS = 365  # a use is over


def forget_uses() -> int:
    """Delete uses that are over long since, and name nobody in older ones. Returns how many rows."""
    before = days_ago(DELETE_AFTER_DAYS)
    over = Q(ended_at__lt=before) | Q(ends_on__lt=timezone.localdate(before))
    old = HelplineUse.objects.filter(made_at__lt=long_ago(), made_by__isnull=False)
    return delete(HelplineUse.objects.filter(over)) + empty(old, made_by=None)


RULE = Rule(
    "campaigns.forget_helpline_uses",
    of="campaigns.HelplineUse, StaffingAnswer: where a helpline's number was used, who planned it",
    until=f"{DELETE_AFTER_DAYS} days after its last day; who planned it as long as persons in the audit log",
    forget=forget_uses,
)
