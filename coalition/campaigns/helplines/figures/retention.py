"""How long people are named beside publications of figures."""

from coalition.campaigns.helplines.models import FigureAgreement, FigurePublication
from coalition.core.retention import Rule, empty, long_ago


def forget_people() -> int:
    """Empty who proposed and who answered longer ago than `AUDIT_PERSON_MONTHS`. Returns how many went."""
    proposed = FigurePublication.objects.filter(proposed_at__lt=long_ago(), proposed_by__isnull=False)
    answered = FigureAgreement.objects.filter(answered_at__lt=long_ago(), person__isnull=False)
    return empty(proposed, proposed_by=None) + empty(answered, person=None)


PEOPLE = Rule(
    name="campaigns.figure_people",
    of="campaigns.FigurePublication, FigureAgreement: who proposed figures, and who answered",
    until="AUDIT_PERSON_MONTHS; the organisations stay",
    forget=forget_people,
)
