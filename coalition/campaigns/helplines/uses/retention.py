"""How long uses are stored, and who planned them is known."""

from django.db.models import Q
from django.utils import timezone

from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.core.retention import (
    RetentionRule,
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
)

DELETE_AFTER_DAYS = 365  # a use is over


def forget_uses() -> int:
    """Delete uses that are over long since, and name nobody in older ones. Returns how many rows."""
    before = days_ago(DELETE_AFTER_DAYS)
    over = Q(ended_at__lt=before) | Q(ends_on__lt=timezone.localdate(before))
    old = HelplineUse.objects.filter(made_at__lt=anonymise_cutoff(), made_by__isnull=False)
    return delete_in_batches(HelplineUse.objects.filter(over)) + empty_in_batches(old, made_by=None)


RULE = RetentionRule(
    "campaigns.forget_helpline_uses",
    of="campaigns.HelplineUse, StaffingAnswer: where a helpline's number was used, who planned it",
    until=f"{DELETE_AFTER_DAYS} days after its last day; who planned it as long as persons in the audit log",
    forget=forget_uses,
)
