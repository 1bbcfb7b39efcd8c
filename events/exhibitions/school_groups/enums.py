"""States of school groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GroupState(models.TextChoices):
    """State of a group's request. Before `ASKED` the address is unverified."""

    UNPROVED = "unproved", _("Address not confirmed")
    ASKED = "asked", pgettext_lazy("a school group", "Waits for an answer")
    CONFIRMED = "confirmed", pgettext_lazy("a school group", "Confirmed")
    DECLINED = "declined", pgettext_lazy("a school group", "No place")
    WITHDRAWN = "withdrawn", pgettext_lazy("a school group", "Withdrawn")

    @property
    def holds(self) -> bool:
        """Whether the group occupies its slot."""
        return self in HOLDING


HOLDING = (GroupState.ASKED, GroupState.CONFIRMED)
