"""How long people are named beside helplines and their entries."""

from django.utils import timezone

from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_people() -> int:
    """Empty who wrote, reviewed, hid and checked longer ago than `AUDIT_PERSON_MONTHS`; organisations stay.

    Returns how many values went.
    """
    entries = HelplineEntry.objects.filter(written_at__lt=anonymise_cutoff())
    reviewed = HelplineEntry.objects.filter(reviewed_at__lt=anonymise_cutoff())
    suspended = Helpline.objects.filter(suspended_at__lt=anonymise_cutoff(), suspended_by__isnull=False)
    checks = HelplineCheck.objects.filter(day__lt=timezone.localdate(anonymise_cutoff()))
    return (
        empty_in_batches(entries.filter(written_by__isnull=False), written_by=None)
        + empty_in_batches(reviewed.filter(reviewed_by__isnull=False), reviewed_by=None)
        + empty_in_batches(suspended, suspended_by=None)
        + empty_in_batches(checks.filter(person__isnull=False), person=None)
    )


PEOPLE = RetentionRule(
    name="campaigns.helpline_people",
    of="campaigns.HelplineEntry, HelplineCheck, Helpline: who wrote, reviewed, called and hid",
    until="AUDIT_PERSON_MONTHS; the organisations stay",
    forget=forget_people,
)
