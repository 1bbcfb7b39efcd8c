"""What is to be done for an event."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from events.core.models import Event, TitledInLanguages


class EventTask(TitledInLanguages):
    """One line of an event's checklist. `days_before` the event's first day it is due (0: on the day,
    negative: after it); `due_on` follows from that and is written with every move of the event.

    An organisation answers for it, or a person on its behalf, or nobody yet. `key`: the line of the template
    it came from. What is taken out keeps its row, so that it can come back.
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
