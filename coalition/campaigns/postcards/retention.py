"""How long people are named beside cards: in designs, in the ledger, beside counts."""

from coalition.campaigns.postcards.ledger.models import CardCount, CardDelivery, CardMove
from coalition.campaigns.postcards.models import CardDesign
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_people() -> int:
    """Empty who acted longer ago than `AUDIT_PERSON_MONTHS`. Returns how many values went."""
    before = anonymise_cutoff()
    return (
        empty_in_batches(
            CardDesign.objects.filter(created_at__lt=before, created_by__isnull=False), created_by=None
        )
        + empty_in_batches(CardMove.objects.filter(at__lt=before, by__isnull=False), by=None)
        + empty_in_batches(CardDelivery.objects.filter(at__lt=before, by__isnull=False), by=None)
        + empty_in_batches(CardCount.objects.filter(at__lt=before, person__isnull=False), person=None)
    )


PEOPLE = RetentionRule(
    name="campaigns.people_of_cards",
    of="campaigns.CardDesign, CardMove, CardDelivery, CardCount: who made, entered, handed over, counted",
    until="AUDIT_PERSON_MONTHS; organisations and numbers stay",
    forget=forget_people,
)
