"""States of volunteers and of their shifts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TurnState(models.TextChoices):
    """Where one volunteer's shift stands. `WISHED`: chosen by who has not proved their address."""

    WISHED = "wished", pgettext_lazy("a volunteer shift", "Address not confirmed")
    TAKEN = "taken", pgettext_lazy("a volunteer shift", "Taken")
    OFFERED = "offered", pgettext_lazy("a volunteer shift", "Taken, offered to others")
    GIVEN = "given", pgettext_lazy("a volunteer shift", "Taken over by somebody else")
    WITHDRAWN = "withdrawn", pgettext_lazy("a volunteer shift", "Withdrawn")

    @property
    def holds(self) -> bool:
        """Whether the person counts: until somebody takes a shift over, who offered it keeps it."""
        return self in HOLDING


HOLDING = (TurnState.TAKEN, TurnState.OFFERED)


class Grown(models.TextChoices):
    """What a volunteer says of their age, where the organiser wants to know."""

    UNASKED = "", pgettext_lazy("age of a volunteer", "not asked")
    ADULT = "adult", _("I am 18 or older")
    CONSENT = "consent", _("I am younger, and a parent or guardian agrees")
