"""Visitor counts: counting links, and the counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from events.core.models import Event
from events.exhibitions.visitors.enums import VisitorGroup


class CountLink(models.Model):
    """Link to the counter of one event for people without an account, on the event's days. The
    token is derived (`events.core.tokens`); the database stores its hash."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="count_links")
    name = models.CharField(_("for whom"), max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"count link {self.uuid}"


class VisitorTick(models.Model):
    """A count or a correction. Append-only: the number of visitors is the sum of the rows.

    `mark`: the phone's random idempotency key; `number`: added, or subtracted if negative; `on` and
    `hour` (0 to 23) are local to the event's time zone. A correction has `why` and `by`; nothing is
    stored about the person who tapped.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="visitor_ticks")
    mark = models.UUIDField()
    group = models.CharField(max_length=10, choices=VisitorGroup)
    number = models.IntegerField()
    on = models.DateField()
    hour = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    link = models.ForeignKey(
        CountLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="ticks"
    )
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["on", "hour", "id"]
        constraints = [models.UniqueConstraint(fields=["event", "mark"], name="one_visitor_tick_a_mark")]
        indexes = [models.Index(fields=["event", "on", "hour"], name="visitor_tick_of_event")]

    def __str__(self) -> str:
        return f"visitor tick {self.mark}"
