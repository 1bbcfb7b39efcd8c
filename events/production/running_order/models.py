"""The running order of an event: its minute plan."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.core.models import Event, Placed, TitledInLanguages


def on_wall(event: Event, time: datetime.time) -> datetime.datetime:
    """A time of the event's first day as an aware moment."""
    return datetime.datetime.combine(event.starts_on, time, tzinfo=event.zone_info)


class RunningOrder(models.Model):
    """When the first item begins (`begins`: on the wall, in the event's zone and on its date), and how the
    day goes. `made_for` is the beginning of the event for which the times were chosen; None if nobody knows.
    `revision` rises with every change; pages that are open hear of it."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="running_order")
    begins = models.TimeField(_("the first item begins at"))
    made_for = models.TimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"running order of event {self.event_id}"

    @property
    def first_moment(self) -> datetime.datetime:
        """When the first item begins, as an aware moment."""
        return on_wall(self.event, self.begins)


class RunningItem(TitledInLanguages, Placed):
    """One item. `pinned`: it does not begin before this time (on the wall, in the
    event's zone); `began_at`: when it really began, on the day. `revision` rises when its words or minutes
    change. What is taken out keeps its place, so that it can come back."""

    order = models.ForeignKey(RunningOrder, on_delete=models.CASCADE, related_name="items")
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    pinned = models.TimeField(_("not before"), null=True, blank=True)
    who = models.CharField(_("who"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=600, blank=True)
    revision = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["order", "position"], name="running_item_place")]

    def __str__(self) -> str:
        return f"item {self.position} of running order {self.order_id}"
