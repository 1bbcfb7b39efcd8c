"""Filled gaps of an approved holding statement."""

from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation, User
from documents.drafts.models import Version


class Filling(models.Model):
    """A step from the approved version with gaps to the one with these gaps filled, and nothing else changed.
    The permitted values are part of what was approved, so decisions on `before` are kept for `after`."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey("documents.ApprovalRound", on_delete=models.CASCADE, related_name="fillings")
    before = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=list)  # gaps in order: name, kind, value
    filled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "before", "after"], name="one_filling_a_change")
        ]

    def __str__(self) -> str:
        return f"filling from {self.before_id} to {self.after_id}"
