"""How long applications are kept that nobody proved."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.timezone import localdate

from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.retention import delete

DAYS_UNPROVED = 7


def forget_unproved(
    model: type[Applicant],
    *,
    state: str,
    days: int = DAYS_UNPROVED,
    before: Callable[[list[Any]], None] | None = None,
) -> int:
    """Delete rows that are in this state since more than `days` days. Returns how many.

    `before`: as in `core.retention.delete`.
    """
    oldest = localdate(now()) - datetime.timedelta(days=days)
    return delete(model._default_manager.filter(state=state, day__lt=oldest), before=before)
