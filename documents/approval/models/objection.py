"""A link by which a representative says that a decision was not their organisation's."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.approval.models.rounds import ApprovalRound


class ObjectionLink(models.Model):
    """Sent to one representative when somebody decided for their organisation by link or phone.

    One press takes the decision off the record and, if the text is public already, the name off the text.
    Of the token the database keeps the SHA-256 only. It works as long as the person represents the
    organisation, until `expires_at`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="objection_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"objection link {self.uuid}"
