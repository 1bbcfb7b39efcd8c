"""How long it is known who read what under an embargo."""

from coalition.core.retention import anonymise_cutoff, delete_in_batches
from documents.publication.embargo.models import EmbargoUse


def forget_readings() -> int:
    """Delete records older than `AUDIT_PERSON_MONTHS` of press contacts' reading under embargo.
    Return the count."""
    return delete_in_batches(EmbargoUse.objects.filter(at__lt=anonymise_cutoff()))
