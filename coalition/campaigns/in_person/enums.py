"""States of tables and of their codes."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TableState(models.TextChoices):
    """PREPARED → OPEN → CLOSED. PREPARED → CANCELLED, or MISSED once its day is past."""

    PREPARED = "prepared", pgettext_lazy("table", "Prepared")
    OPEN = "open", pgettext_lazy("table", "Open")
    CLOSED = "closed", pgettext_lazy("table", "Closed")
    MISSED = "missed", pgettext_lazy("table", "Not opened")
    CANCELLED = "cancelled", pgettext_lazy("table", "Cancelled")


class CodeState(models.TextChoices):
    """What became of a single-use code."""

    WAITING = "waiting", pgettext_lazy("code", "Not used")
    USED = "used", pgettext_lazy("code", "Used")
    EXPIRED = "expired", pgettext_lazy("code", "Expired")
    UNKNOWN = "unknown", pgettext_lazy("code", "Unknown")
