"""How long people are named beside paper sheets."""

from coalition.campaigns.in_person.sheets.models import SheetRun
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_printers() -> int:
    """Empty who printed sheets longer ago than `AUDIT_PERSON_MONTHS`. Returns how many values went."""
    rows = SheetRun.objects.filter(made_at__lt=anonymise_cutoff(), printed_by__isnull=False)
    return empty_in_batches(rows, printed_by=None)


PEOPLE = RetentionRule(
    name="campaigns.sheet_printers",
    of="campaigns.SheetRun: who printed",
    until="AUDIT_PERSON_MONTHS; the organisations stay",
    forget=forget_printers,
)
