"""How long figures are stored, and how long people are named beside publications of them."""

from coalition.campaigns.helplines.figures.months import OLDEST_MONTHS, oldest_month
from coalition.campaigns.helplines.models import FigureAgreement, FigurePublication, HelpMonth
from coalition.core.retention import RetentionRule, anonymise_cutoff, delete_in_batches, empty_in_batches


def forget_people() -> int:
    """Empty who proposed and who answered longer ago than `AUDIT_PERSON_MONTHS`. Returns how many went."""
    proposed = FigurePublication.objects.filter(proposed_at__lt=anonymise_cutoff(), proposed_by__isnull=False)
    answered = FigureAgreement.objects.filter(answered_at__lt=anonymise_cutoff(), person__isnull=False)
    return empty_in_batches(proposed, proposed_by=None) + empty_in_batches(answered, person=None)


def forget_months() -> int:
    """Delete what was entered of months that can neither be entered nor proposed any more. Returns how many
    rows. What was published of them stays."""
    return delete_in_batches(HelpMonth.objects.filter(month__lt=oldest_month()))


PEOPLE = RetentionRule(
    name="campaigns.figure_people",
    of="campaigns.FigurePublication, FigureAgreement: who proposed figures, and who answered",
    until="AUDIT_PERSON_MONTHS; the organisations stay",
    forget=forget_people,
)
MONTHS = RetentionRule(
    name="campaigns.help_months",
    of="campaigns.HelpMonth: contacts of helplines by month, region and language",
    until=f"{OLDEST_MONTHS} months; what was published of them stays",
    forget=forget_months,
)
