"""How long people are named beside counts."""

from coalition.campaigns.in_person.counting.models import TallyCount
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_counters() -> int:
    """Empty who counted longer ago than `AUDIT_PERSON_MONTHS`. Returns how many values went."""
    rows = TallyCount.objects.filter(at__lt=anonymise_cutoff(), person__isnull=False)
    return empty_in_batches(rows, person=None)


PEOPLE = RetentionRule(
    name="campaigns.tally_counters",
    of="campaigns.TallyCount: who counted",
    until="AUDIT_PERSON_MONTHS; organisations and numbers stay",
    forget=forget_counters,
)
