"""How long people are named beside helplines and their entries."""

from django.utils import timezone

from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry
from coalition.core.retention import Rule, empty, long_ago


def forget_people() -> int:
    """Empty who wrote, reviewed, hid and checked longer ago than `AUDIT_PERSON_MONTHS`; organisations stay.

    Returns how many values went.
    """
    entries = HelplineEntry.objects.filter(written_at__lt=long_ago())
    reviewed = HelplineEntry.objects.filter(reviewed_at__lt=long_ago())
    suspended = Helpline.objects.filter(suspended_at__lt=long_ago(), suspended_by__isnull=False)
    checks = HelplineCheck.objects.filter(day__lt=timezone.localdate(long_ago()))
    return (
        empty(entries.filter(written_by__isnull=False), written_by=None)
        + empty(reviewed.filter(reviewed_by__isnull=False), reviewed_by=None)
        + empty(suspended, suspended_by=None)
        + empty(checks.filter(person__isnull=False), person=None)
    )


PEOPLE = Rule(
    name="campaigns.helpline_people",
    of="campaigns.HelplineEntry, HelplineCheck, Helpline: who wrote, reviewed, called and hid",
    until="AUDIT_PERSON_MONTHS; the organisations stay",
    forget=forget_people,
)
