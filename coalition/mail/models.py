"""The outbox: mail is saved in the transaction that causes it and sent after the commit."""

from django.db import models

from coalition.jobs.models import LeasedRow
from coalition.personal_data.fields import OutsidersJSONField, OutsidersTextField


class OutboxMail(LeasedRow):
    """One mail to one person. `key` is unique, so that no mail is sent twice under one key.

    The address, the context and the calendar may contain one-time links: they are encrypted, and emptied once
    the mail is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"  # the recipient may no longer get it
        FAILED = "failed"

    key = models.CharField(max_length=160, unique=True)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    person = models.UUIDField(null=True)
    address = OutsidersTextField(blank=True)
    context = OutsidersJSONField(blank=True, default=dict, only_with="address")
    calendar = OutsidersTextField(blank=True, only_with="address")
    method = models.CharField(max_length=10, blank=True)  # of the calendar: REQUEST, CANCEL
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    urgent = models.BooleanField(default=False)  # sent before mail that is not
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(
                fields=["-urgent", "next_try_at"], condition=models.Q(state="waiting"), name="outbox_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"
