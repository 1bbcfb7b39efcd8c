"""A slip of the pen: a correction so small that decisions on the words before it stay."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.approval.models.rounds import ApprovalRound
from documents.drafts.models import Version


class Slip(models.Model):
    """From one version put in a round to the one put after it. It counts once two representatives of two
    organisations other than the proposer's have confirmed it (`counts_from`)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="slips")
    before = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "before", "after"], name="one_slip_a_change")]

    def __str__(self) -> str:
        return f"slip from {self.before_id} to {self.after_id}"


class SlipConfirmation(models.Model):
    """A representative of another organisation confirmed that it is a slip and nothing else."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "organisation"], name="confirmed_once_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} confirms {self.slip_id}"
