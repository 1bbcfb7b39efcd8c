"""The kit of an event: what journalists are given at it and afterwards."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from documents.models import Draft, StoredFile
from events.core.models import Event, EventSpeaker, Placed, TitledInLanguages
from events.press.kit.enums import KitKind, KitPhase, KitWay


class EventKit(models.Model):
    """How the kit opens. `opens_at`: the moment of what is for the event itself, if the way is a moment;
    `afterwards_at`: since when everybody confirmed reads what is for afterwards. Both are aware, and follow
    the event when it is moved: `starts_at` is the event's beginning that they were last reckoned with.

    `link_number` rises when the link is made anew; of its token the database keeps a hash.
    """

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
        """When the phase opens for all who may have it; None if no moment opens it."""
        if phase == KitPhase.AFTERWARDS:
            return self.afterwards_at
        return self.opens_at if self.way == KitWay.MOMENT else None


class KitItem(TitledInLanguages, Placed):
    """One thing of a kit. Whether it may be given out is judged at every access (`queries.kit`).

    A text, or a transcript, is what is public of `draft` now; a file goes out under its title, never under
    its own name. `digest` finds the quotation in the public words of `draft`. `language` and `minutes` are of
    a recording. `people`: speakers of the event who are seen or heard in it, `people_count` as many as were
    named: of somebody who is deleted no consent is left.
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


class KitOpened(models.Model):
    """Somebody who is confirmed opened the kit: to count them, and for nothing else. `print`: a keyed hash of
    the journalist for this kit; no moment is kept."""

    kit = models.ForeignKey(EventKit, on_delete=models.CASCADE, related_name="opened")
    print = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "print"], name="opened_a_kit_once")]

    def __str__(self) -> str:
        return f"somebody who opened kit {self.kit_id}"
