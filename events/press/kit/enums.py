"""Kinds of items, phases and opening modes of an event's kit."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class KitPhase(models.TextChoices):
    """Phase in which an item is available."""

    AT_EVENT = "at_event", pgettext_lazy("kit", "At the event")
    AFTERWARDS = "afterwards", pgettext_lazy("kit", "Afterwards")


class KitWay(models.TextChoices):
    """Opening mode of the part for the event itself."""

    CHECK_IN = "check_in", _("For each journalist when they are ticked off at the door")
    MOMENT = "moment", _("At a moment, for whoever has the link")


class KitKind(models.TextChoices):
    """Kind of an item."""

    TEXT = "text", pgettext_lazy("kit", "Published text")
    FILE = "file", pgettext_lazy("kit", "File")
    LINK = "link", pgettext_lazy("kit", "Link")
    RECORDING = "recording", pgettext_lazy("kit", "Recording")
    TRANSCRIPT = "transcript", pgettext_lazy("kit", "Transcript")
    PHOTOGRAPH = "photograph", pgettext_lazy("kit", "Photograph")
    QUOTATION = "quotation", pgettext_lazy("kit", "Quotation")

    @property
    def phases(self) -> tuple[KitPhase, ...]:
        """Return the phases in which this kind is possible; recordings of an event only
        afterwards."""
        both = self in {KitKind.TEXT, KitKind.FILE, KitKind.LINK}
        return (KitPhase.AT_EVENT, KitPhase.AFTERWARDS) if both else (KitPhase.AFTERWARDS,)

    @property
    def consent(self) -> str:
        """Return the field of `EventSpeaker` with the consent that its people must have given; ""
        if it shows nobody."""
        if self in {KitKind.FILE, KitKind.PHOTOGRAPH}:
            return "pictured"
        return "recorded" if self in {KitKind.RECORDING, KitKind.TRANSCRIPT} else ""


class ReleaseStatus(models.TextChoices):
    """Whether an item may be handed out now."""

    GIVEN = "given", pgettext_lazy("kit", "Can be given out")
    NOT_PUBLIC = "not_public", pgettext_lazy("kit", "Not public yet")
    PREPARED = "prepared", pgettext_lazy("kit", "Being prepared")
    WITHDRAWN = "withdrawn", pgettext_lazy("kit", "Withdrawn")
    REMOVED = "removed", pgettext_lazy("kit", "Not given out")
