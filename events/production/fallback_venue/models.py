"""Fallback venue of an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.accounts.regions import REGIONS
from events.core.enums import GettingIn
from events.core.models import Event


class SecondPlace(models.Model):
    """Fallback venue of an event. `words`: place, address and notes on access by language.
    `agreed`: its hosts have agreed. Visible only to members who prepare the event.

    After the move the previous venue is stored here, so that the move can be reversed.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="second_place")
    words = models.JSONField(default=dict)
    region = models.CharField(
        _("region"), max_length=6, blank=True, choices=[(code, name) for code, name in REGIONS.items()]
    )
    map_link = models.URLField(_("link to a map"), blank=True)
    step_free = models.CharField(_("getting in"), max_length=10, choices=GettingIn, default=GettingIn.UNKNOWN)
    online_link = models.URLField(_("link for those who join online"), blank=True)
    agreed = models.BooleanField(_("agreed"), default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"second place of event {self.event_id}"
