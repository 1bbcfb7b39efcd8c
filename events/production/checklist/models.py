"""Tasks of an event."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from events.core.models import Event, TitledInLanguages


class EventTask(TitledInLanguages):
    """Task in an event's checklist. It is due `days_before` the event's first day (0: on the day,
    negative: after it); `due_on` is computed from that whenever the event moves.

    The owner is an organisation, a person on its behalf, or not set. `key`: the template line it
    was created from. An archived task keeps its row and can be restored.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=30, blank=True)
    days_before = models.SmallIntegerField(_("days before the event"))
    due_on = models.DateField()
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("note"), max_length=600, blank=True)
    changed_at = models.DateTimeField(auto_now=True)  # DTSTAMP in private feeds
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on"], name="event_task_due")]

    def __str__(self) -> str:
        return f"task {self.uuid} of event {self.event_id}"
