"""A named reviewer answers that a translation says the same as its source, bound to both hashes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.drafts.models import Version


class Attestation(models.Model):
    """`reviewer` answers, for an organisation other than the translation's, that both say the same.

    It is stale as soon as a round puts other words in one of the two languages; rows are never changed but
    by being taken back. `kept_from`: what was answered for before a slip of the pen (`models.slip`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    translation = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attestations")
    translation_hash = models.CharField(max_length=64)
    source = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    source_hash = models.CharField(max_length=64)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "source"],
                condition=Q(taken_back_at=None),
                name="attested_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.translation_id} says what {self.source_id} says"
