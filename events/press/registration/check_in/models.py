"""Check-in of journalists: one row per tick or scan."""

from django.db import models

from coalition.accounts.models import User
from events.core.models import PressGuest, PressRegistration


class PressTick(models.Model):
    """Check-in tick of a journalist. The earliest valid tick is the time of arrival.

    `mark`: the phone's random idempotency key; `phone`: a keyed hash of the phone, "" for a button
    in the member area; `at`: when it was pressed, corrected by the server; `sent_at`: when the
    server received it.
    """

    registration = models.ForeignKey(PressRegistration, on_delete=models.CASCADE, related_name="ticks")
    guest = models.ForeignKey(PressGuest, on_delete=models.CASCADE, related_name="ticks")
    mark = models.UUIDField()
    phone = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["registration", "mark"], name="one_press_tick_a_mark")]

    def __str__(self) -> str:
        return f"press tick {self.mark}"
