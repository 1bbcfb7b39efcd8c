"""States of press registration, and what journalists bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PressState(models.TextChoices):
    """Where a journalist's wish to come stands. Before `ASKED` nobody proved the address."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    ASKED = "asked", pgettext_lazy("press registration", "Waits for an answer")
    CONFIRMED = "confirmed", pgettext_lazy("press registration", "Confirmed")
    WAITING = "waiting", pgettext_lazy("press registration", "Waiting list")
    FULL = "full", pgettext_lazy("press registration", "No place")
    WITHDRAWN = "withdrawn", pgettext_lazy("press registration", "Withdrawn")

    @property
    def hears(self) -> bool:
        """Whether they are told when the event moves or is cancelled."""
        return self in {PressState.ASKED, PressState.CONFIRMED, PressState.WAITING}

    @property
    def can_be_answered(self) -> bool:
        """Whether an organiser may say confirmed, waiting list or no place."""
        return self.hears or self == PressState.FULL


UNPROVED = (PressState.UNCONFIRMED, PressState.WITHDRAWN)  # the button in the mail is to be pressed
ANSWERS = (PressState.CONFIRMED, PressState.WAITING, PressState.FULL)


class Seen(models.TextChoices):
    """What the server says of one tick of a phone at the door."""

    HERE = "here"  # noted, and no other phone was earlier
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
