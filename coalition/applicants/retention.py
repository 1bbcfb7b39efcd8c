"""How long applications are kept that nobody proved."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils.timezone import localdate

from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.retention import delete_in_batches

DAYS_UNPROVED = 7


def delete_unproved(
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
    return delete_in_batches(model._default_manager.filter(state=state, day__lt=oldest), before=before)
