"""Ticking journalists off at the door: one row each time that somebody pressed or scanned."""

from django.db import models

from coalition.accounts.models import User
from events.core.models import PressGuest, PressRegistration


class PressTick(models.Model):
    """Somebody at the door said that a journalist is here. A guest came at the earliest of those that stand.

    `mark`: the random id that the phone gave it, by which what is sent twice counts once; `phone`: a keyed
    hash of the phone, "" for a button of the desk's pages; `at`: when it was pressed, corrected by the
    server; `sent_at`: when the server heard of it.
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
