"""States of appeals and of those who support them."""

from django.db import models
from django.utils.translation import pgettext_lazy


class SupportState(models.TextChoices):
    """UNCONFIRMED → COUNTED or HELD; HELD → COUNTED or SET_ASIDE, which are reversible; any → WITHDRAWN."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("support", "Not confirmed")
    COUNTED = "counted", pgettext_lazy("support", "Counted")
    HELD = "held", pgettext_lazy("support", "Held")
    SET_ASIDE = "set_aside", pgettext_lazy("support", "Set aside")
    WITHDRAWN = "withdrawn", pgettext_lazy("support", "Withdrawn")
