"""Fallback venue of an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.core.models import Event, Venue


class SecondPlace(Venue):
    """Fallback venue of an event. `words`: place, address and notes on access by language.
    `agreed`: its hosts have agreed. Visible only to members who prepare the event.

    After the move the previous venue is stored here, so that the move can be reversed.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="second_place")
    words = models.JSONField(default=dict)
    agreed = models.BooleanField(_("agreed"), default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"second place of event {self.event_id}"
