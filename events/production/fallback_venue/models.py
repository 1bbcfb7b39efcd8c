"""Plan B: the place to which an event goes if its own falls through."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.accounts.regions import REGIONS
from events.core.enums import GettingIn
from events.core.models import Event


class SecondPlace(models.Model):
    """Where an event goes with one press. `words`: place, address and notes on access by language.
    `agreed`: the hosts of that place have said yes. Known to those who prepare the event alone.

    When it is used, the place that fell through stands here, so that the way back is as short.
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
