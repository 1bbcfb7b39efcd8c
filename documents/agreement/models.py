"""The coalition's agreement: editions of a published text, and their acceptances."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation, User


class Agreement(models.Model):
    """An edition of the coalition's agreement: a publication that the secretariat named as such.

    The newest edition that is not ended is the agreement. `asks_from`: from this moment an organisation must
    have accepted this edition or a later one before its people get into workspaces; null if the change needs
    no new acceptance. `is_required` is set at that moment, so that the access check compares no times.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    publication = models.ForeignKey("documents.Publication", on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("what changed"), blank=True, max_length=1000)
    asks_from = models.DateTimeField(null=True, blank=True)
    is_required = models.BooleanField(default=False)
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_required=False) | Q(asks_from__isnull=False), name="required_since_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of the agreement"


class Acceptance(models.Model):
    """An organisation's acceptance of an edition, with its text hashes (language → SHA-256)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="an_edition_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} accepted {self.agreement_id}"
