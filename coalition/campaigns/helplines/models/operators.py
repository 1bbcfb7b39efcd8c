"""The link that operators of a line have on their phones."""

from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.helplines.models.entry import Helpline


class OperatorLink(models.Model):
    """One link of one line. It names no operator; several operators share it. `label` says where it lies."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="operator_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"operator link {self.uuid}"
