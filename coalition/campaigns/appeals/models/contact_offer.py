"""Organisations that ask supporters of an appeal whether they may write to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models.appeal import Appeal


class ContactOffer(models.Model):
    """An organisation stands in the form of an appeal with a tick of its own, switched on by itself.

    Ended, it is offered to nobody; who agreed before stays until their consent ends.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="contact_offers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "organisation"], condition=Q(ended_at=None), name="one_open_contact_offer"
            )
        ]

    def __str__(self) -> str:
        return f"contact offer {self.pk}"
