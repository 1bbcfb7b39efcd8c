"""Running order of an event: its minute plan."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.core.models import Event, Placed, TitledInLanguages


def on_wall(event: Event, time: datetime.time) -> datetime.datetime:
    """Return a local time on the event's first day as an aware moment."""
    return datetime.datetime.combine(event.starts_on, time, tzinfo=event.zone_info)


class RunningOrder(models.Model):
    """Running order and its progress on the day. `begins`: start of the first item, local to the
    event's time zone and on its date. `made_for`: the start of the event for which the times were
    planned; None if unknown. `revision` increases with every change and is pushed to open pages."""

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
        """Return the start of the first item, as an aware moment."""
        return on_wall(self.event, self.begins)


class RunningItem(TitledInLanguages, Placed):
    """Item of a running order. `pinned`: earliest start, local to the event's time zone;
    `began_at`: actual start on the day. `revision` increases when texts or minutes change. An
    archived item keeps its place and can be restored."""

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
