"""Visitor counts of an exhibition."""

import datetime
from collections import Counter

from django.conf import settings
from django.db import models
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.core.throttling import hash_token
from events.core.models import Event, Identified
from events.core.permissions import is_open_to_guests

TAPS = (1, 5, -1)  # numbers that the buttons of a phone add


class VisitorGroup(models.TextChoices):
    ADULTS = "adults", pgettext_lazy("visitors", "Adults")
    CHILDREN = "children", pgettext_lazy("visitors", "Children and pupils")
    PRESS = "press", pgettext_lazy("visitors", "Press")


class TapResult(models.TextChoices):
    """Result of a tap on the server."""

    YES = "yes", _("Counted.")
    NOTHING = "nothing", _("There is nothing to take back: nobody of this group was counted today.")
    NOT_THEN = "not_then", _("Not counted: the event does not take place on that day.")


class CountLink(Identified):
    """Link to the counter of one event for people without an account, on the event's days. The
    token is derived (`coalition.core.throttling`); the database stores its hash."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="count_links")
    name = models.CharField(
        _("For whom"),
        max_length=80,
        blank=True,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Only you see it: “Entrance”, “Saturday team”."),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]


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


type VisitorCounts = Counter[tuple[datetime.date, int, str]]  # day, hour, group → people


def counts_of(event: Event, *days: datetime.date) -> VisitorCounts:
    """Return people by day, hour and group; for these days only, or for all. One query."""
    rows = VisitorTick.objects.filter(event=event)
    rows = rows.filter(on__in=days) if days else rows
    summed = rows.order_by().values_list("on", "hour", "group").annotate(people=Sum("number"))
    return Counter({(on, hour, group): people for on, hour, group, people in summed})


def visitors_of(event: Event) -> int:
    """Return the total of visitors; 0 without counts."""
    found: int | None = VisitorTick.objects.filter(event=event).aggregate(people=Sum("number"))["people"]
    return found or 0


def corrections_of(event: Event, *days: datetime.date) -> QuerySet[VisitorTick]:
    """Return the corrections with their authors; for these days only, or for all."""
    rows = VisitorTick.objects.filter(event=event).exclude(why="").select_related("by")
    return rows.filter(on__in=days) if days else rows


def count_links_of(event: Event) -> QuerySet[CountLink]:
    """Return all links, newest first, annotated with `people`: the number counted by the link."""
    return CountLink.objects.filter(event=event).annotate(people=Coalesce(Sum("ticks__number"), 0))


def open_count_link(token: str) -> CountLink | None:
    """Return the link of this token unless it was revoked or the event is closed to outsiders."""
    rows = CountLink.objects.filter(token_hash=hash_token(token), taken_back_at=None)
    link = rows.select_related("event__workspace", "event__organisation").first()
    return link if link is not None and is_open_to_guests(link.event) else None
