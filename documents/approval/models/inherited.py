"""What a decision hangs on that was carried over from approved words of other texts."""

from django.db import models
from django.db.models import Q

from documents.approval.models.attestation import Attestation
from documents.approval.models.rounds import Approval


class CarriedFrom(models.Model):
    """One thing that a carried decision (`Way.CARRIED_OVER`) hangs on: what the same organisation decided on
    the words of an approved block, or the answer for a translation on which it relied there.

    Rows never change. The carried decision counts while everything it hangs on stands
    (`queries.carried.is_fallen`).
    """

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="carried_from")
    source = models.ForeignKey(
        Approval, null=True, blank=True, on_delete=models.RESTRICT, related_name="carried_to"
    )
    attestation = models.ForeignKey(
        Attestation, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False, attestation__isnull=True)
                | Q(source__isnull=True, attestation__isnull=False),
                name="carried_from_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} hangs on {self.source_id or self.attestation_id}"
