"""How long it is known who made a package."""

from coalition.campaigns.media_package.models import MediaPackage
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_makers() -> int:
    """Forget who made a package. Returns how many rows."""
    rows = MediaPackage.objects.filter(created_at__lt=anonymise_cutoff(), created_by__isnull=False)
    return empty_in_batches(rows, created_by=None)


MAKERS = RetentionRule(
    name="campaigns.forget_package_makers",
    of="campaigns.MediaPackage: who made it",
    until="AUDIT_PERSON_MONTHS; its press contact stands until somebody changes it",
    forget=forget_makers,
)
