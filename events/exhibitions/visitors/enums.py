"""Who is counted at an exhibition, and what becomes of a tap."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitorGroup(models.TextChoices):
    ADULTS = "adults", pgettext_lazy("visitors", "Adults")
    CHILDREN = "children", pgettext_lazy("visitors", "Children and pupils")
    PRESS = "press", pgettext_lazy("visitors", "Press")


class Counted(models.TextChoices):
    """What the server says of a tap."""

    YES = "yes", _("Counted.")
    NOTHING = "nothing", _("There is nothing to take back: nobody of this group was counted today.")
    NOT_THEN = "not_then", _("Not counted: the event does not take place on that day.")


TAPS = (1, 5, -1)  # what the buttons of a phone add
