"""Press registration: which states are answers, and what journalists bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.core.enums import PressState

UNPROVED = (PressState.UNCONFIRMED, PressState.WITHDRAWN)  # must press the button in the mail
ANSWERS = (PressState.CONFIRMED, PressState.WAITING, PressState.FULL)


class CheckInResult(models.TextChoices):
    """Result of a check-in tick of a phone."""

    HERE = "here"  # recorded, and no other phone was earlier
    BEFORE = "before"  # another phone was earlier
    WITHDRAWN = "withdrawn"
    NO_PLACE = "no_place"  # the place was given to somebody else
    UNKNOWN = "unknown"
    TAKEN_BACK = "taken_back"


class Equipment(models.TextChoices):
    PHOTO = "photo", _("Photo camera")
    VIDEO = "video", _("Video camera")
    TRIPOD = "tripod", _("Tripod")
    SOUND = "sound", _("Sound recorder or microphone")
    LIGHT = "light", _("Lights")
    VAN = "van", _("Live broadcast van")
