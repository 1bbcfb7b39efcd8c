"""Debrief of an event."""

from django.conf import settings
from django.db import models

from events.core.models import Event


class Afterwards(models.Model):
    """Lessons learned from an event, and the groups that were thanked.

    `came`, `press_came`: people counted, None without a count. `thanked`: by group
    (`domain.thanks`), when (ISO 8601, UTC) and how many: {"press": {"at": …, "count": 12}}.
    `revision` increases with every change of the lessons.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="afterwards")
    went_well = models.TextField(blank=True)
    went_badly = models.TextField(blank=True)
    next_time = models.TextField(blank=True)
    came = models.PositiveIntegerField(null=True, blank=True)
    press_came = models.PositiveIntegerField(null=True, blank=True)
    thanked = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"afterwards of event {self.event_id}"
