"""Visitor groups, and the results of a tap."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitorGroup(models.TextChoices):
    ADULTS = "adults", pgettext_lazy("visitors", "Adults")
    CHILDREN = "children", pgettext_lazy("visitors", "Children and pupils")
    PRESS = "press", pgettext_lazy("visitors", "Press")


class TapResult(models.TextChoices):
    """Result of a tap on the server."""

    YES = "yes", _("Counted.")
    NOTHING = "nothing", _("There is nothing to take back: nobody of this group was counted today.")
    NOT_THEN = "not_then", _("Not counted: the event does not take place on that day.")


TAPS = (1, 5, -1)  # numbers that the buttons of a phone add
