"""What kind of coverage there was, how sure its reach is, and where it stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CoverageKind(models.TextChoices):
    ONLINE = "online", _("Online")
    TELEVISION = "tv", _("Television")
    RADIO = "radio", _("Radio")
    PRINT = "print", pgettext_lazy("kind of outlet", "Print")
    AGENCY = "agency", _("News agency")
    SOCIAL = "social", _("Social networks")


class Proof(models.TextChoices):
    """How sure it is how many were reached, the surest first. Numbers of two of them are never added up."""

    MEASURED = "measured", _("Measured by the outlet")
    COUNTER = "counter", _("Shown by a public counter")
    ESTIMATE = "estimate", _("Our own estimate")
    NOT_KNOWN = "unknown", pgettext_lazy("reach", "Not known")


class Tone(models.TextChoices):
    FAIR = "fair", pgettext_lazy("tone of coverage", "Fair")
    NEUTRAL = "neutral", pgettext_lazy("tone of coverage", "Neutral")
    HOSTILE = "hostile", pgettext_lazy("tone of coverage", "Hostile")


class CoverageState(models.TextChoices):
    """waiting → counted, once somebody at the desk looked at it."""

    WAITING = "waiting", pgettext_lazy("coverage", "Waits for a look")
    COUNTED = "counted", pgettext_lazy("coverage", "Counted")
