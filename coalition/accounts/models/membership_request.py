"""Membership requests of outside groups, their vouchers and the secretariat's decision."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language, RequestState
from coalition.accounts.models.organisation import Organisation
from coalition.personal_data.fields import OutsidersTextField


class MembershipRequest(models.Model):
    """A group's description of itself, encrypted. Only the hash of the link's token is stored.

    `address_print` finds a second request from the same address without decrypting it. Unconfirmed and
    declined requests are deleted (`actions/membership_requests.py`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.UNCONFIRMED)
    name = OutsidersTextField()
    region = models.CharField(max_length=8, blank=True)  # ISO 3166-2
    why = OutsidersTextField()
    contact = OutsidersTextField()
    email = OutsidersTextField()
    address_print = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = OutsidersTextField(blank=True)
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"membership request {self.uuid}"  # appears in logs: never the name


class Vouch(models.Model):
    """A voucher of an organisation for the group, given by a representative."""

    request = models.ForeignKey(MembershipRequest, on_delete=models.CASCADE, related_name="vouches")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="an_organisation_vouches_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} vouches in {self.request_id}"
