"""How long applications are kept that nobody proved."""

import datetime

from django.utils.timezone import localdate

from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.retention import delete

DAYS_UNPROVED = 7


def forget_unproved(model: type[Applicant], *, state: str, days: int = DAYS_UNPROVED) -> int:
    """Delete rows that are in this state since more than `days` days. Returns how many."""
    before = localdate(now()) - datetime.timedelta(days=days)
    return delete(model._default_manager.filter(state=state, day__lt=before))
