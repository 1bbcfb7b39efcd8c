"""How long people are named beside promises."""

from coalition.campaigns.regional_plan.models import Commitment
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_people() -> int:
    """Empty who entered a promise and its contact, longer ago than `AUDIT_PERSON_MONTHS`. Returns how many
    values went."""
    rows = Commitment.objects.filter(made_at__lt=anonymise_cutoff())
    return empty_in_batches(rows.filter(contact__isnull=False), contact=None) + empty_in_batches(
        rows.filter(made_by__isnull=False), made_by=None
    )


PEOPLE = RetentionRule(
    name="campaigns.people_of_promises",
    of="campaigns.Commitment: who entered a promise, and its contact",
    until="AUDIT_PERSON_MONTHS; organisations and numbers stay",
    forget=forget_people,
)
