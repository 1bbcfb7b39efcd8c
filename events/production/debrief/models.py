"""What remains of an event for those who prepare the next one."""

from django.conf import settings
from django.db import models

from events.core.models import Event


class Afterwards(models.Model):
    """What was learned, in the words of whoever wrote it down, and who was thanked.

    `came`, `press_came`: people counted, None if nobody counted. `thanked`: by group (`domain.thanks`), when
    (ISO 8601, UTC) and how many: {"press": {"at": …, "count": 12}}. `revision` rises with every change of
    what was learned.
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
