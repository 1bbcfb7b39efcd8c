"""States of volunteers and of their shifts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TurnState(models.TextChoices):
    """State of a volunteer's shift. `WISHED`: chosen with an unverified address."""

    WISHED = "wished", pgettext_lazy("a volunteer shift", "Address not confirmed")
    TAKEN = "taken", pgettext_lazy("a volunteer shift", "Taken")
    OFFERED = "offered", pgettext_lazy("a volunteer shift", "Taken, offered to others")
    GIVEN = "given", pgettext_lazy("a volunteer shift", "Taken over by somebody else")
    WITHDRAWN = "withdrawn", pgettext_lazy("a volunteer shift", "Withdrawn")

    @property
    def holds(self) -> bool:
        """Whether the volunteer counts; an offered shift still belongs to them."""
        return self in HOLDING


HOLDING = (TurnState.TAKEN, TurnState.OFFERED)


class AgeStatement(models.TextChoices):
    """Volunteer's statement of age, if the organiser asks for it."""

    UNASKED = "", pgettext_lazy("age of a volunteer", "not asked")
    ADULT = "adult", _("I am 18 or older")
    CONSENT = "consent", _("I am younger, and a parent or guardian agrees")
