"""How long it is known who read what under an embargo."""

from coalition.core.retention import delete, long_ago
from documents.publication.embargo.models import EmbargoUse


def forget_readings() -> int:
    """Delete who of an outlet opened what under an embargo, `AUDIT_PERSON_MONTHS` ago. Returns how many."""
    return delete(EmbargoUse.objects.filter(at__lt=long_ago()))
