"""Deadlines of what organisations are asked."""

import datetime

from coalition.core.errors import Refused

REMIND_BEFORE = datetime.timedelta(hours=24)


class DeadlinePassed(Refused):
    """Raised when the requested deadline is in the past."""
