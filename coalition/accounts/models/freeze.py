"""Freeze of all access through an organisation, e.g. after a detention or the loss of a phone."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models.organisation import Organisation


class Freeze(models.Model):
    """A freeze: requested by one person, in force once confirmed (by a second coordinator, or at once
    by the secretariat), ended by two people together. While it is in force the organisation's people
    have no access through it, and its silence never counts as consent."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="freezes")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The requester's organisation; null for the secretariat. Whoever may see it also sees the person.
    asked_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    thaw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thawed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    thawed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(thawed_at=None), name="one_open_freeze"
            )
        ]

    def __str__(self) -> str:
        return f"freeze {self.uuid}"

    @property
    def in_force(self) -> bool:
        return self.frozen_at is not None and self.thawed_at is None
