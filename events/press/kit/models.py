"""The kit of an event for journalists."""

import datetime

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from documents.models import Draft, StoredFile
from events.core.models import Event, EventSpeaker, Placed, PressGuest, TitledInLanguages


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
        """Return the phases in which this kind is possible; recordings only afterwards."""
        both = self in {KitKind.TEXT, KitKind.FILE, KitKind.LINK}
        return (KitPhase.AT_EVENT, KitPhase.AFTERWARDS) if both else (KitPhase.AFTERWARDS,)

    @property
    def consent(self) -> str:
        """Return the field of `EventSpeaker` with the consent it needs; "" if it shows nobody."""
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
    NO_CONSENT = "no_consent", pgettext_lazy("kit", "Not given out")  # for planners only: others see nothing


class EventKit(models.Model):
    """Kit and its opening times. `opens_at`: of the part for the event, if it opens at a moment;
    `afterwards_at`: of the part for afterwards. Both are aware and move with the event: `starts_at` is its
    beginning when they were computed last. `link_number` increases with every new link; the database stores a
    hash of the token."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="kit")
    way = models.CharField(_("how it opens"), max_length=10, choices=KitWay, default=KitWay.CHECK_IN)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    on_page = models.BooleanField(_("on the public page of the event"), default=False)
    afterwards_at = models.DateTimeField(_("afterwards from"), null=True, blank=True)
    starts_at = models.DateTimeField(editable=False)
    link_number = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"kit of event {self.event_id}"

    def moment_of(self, phase: KitPhase) -> datetime.datetime | None:
        """Return when the phase opens for everyone entitled; None if at no moment."""
        if phase == KitPhase.AFTERWARDS:
            return self.afterwards_at
        return self.opens_at if self.way == KitWay.MOMENT else None


class KitItem(TitledInLanguages, Placed):
    """Item of a kit. Whether it may be published is evaluated at every request (`queries.kit`).

    A text or transcript is the current publication of `draft`; a file is served under its title. `digest`
    identifies the quotation in the published text of `draft`. `people`: the event's speakers seen or heard in
    it; `people_count`: their original number, because the consent of a deleted speaker is gone.
    """

    kit = models.ForeignKey(EventKit, on_delete=models.CASCADE, related_name="items")
    phase = models.CharField(_("when"), max_length=10, choices=KitPhase)
    kind = models.CharField(_("kind"), max_length=10, choices=KitKind)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    link = models.URLField(_("address"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    people = models.ManyToManyField(EventSpeaker, blank=True, related_name="+")
    people_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["kit", "phase", "position"], name="items_of_kit")]

    def __str__(self) -> str:
        return f"{self.kind} of a kit {self.uuid}"


DAYS_KEPT = 90  # of KitOpened, after the event


class KitOpened(models.Model):
    """A confirmed journalist opened the kit. `print`: a keyed hash for this kit; no time is stored."""

    kit = models.ForeignKey(EventKit, on_delete=models.CASCADE, related_name="opened")
    print = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "print"], name="opened_a_kit_once")]

    def __str__(self) -> str:
        return f"somebody who opened kit {self.kit_id}"


def opening_print(kit: EventKit, guest: PressGuest) -> str:
    """Return the value of `KitOpened.print`: only a holder of the site's key can compute it."""
    return salted_hmac("events.kit_opened", f"{kit.uuid}:{guest.uuid}", algorithm="sha256").hexdigest()
