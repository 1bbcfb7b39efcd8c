"""Verdicts of lawyers on a text."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, User
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import DraftText, Verdict

LONGEST_NOTE = 4000


class Clearance(models.Model):
    """A legal reader's verdict on the words with this hash. Append-only: rows never change.

    Given by a member who is a legal reader (`reader`), or by a guest with a link for that purpose
    (`guest`, the link's UUID). The hash determines whether it is still valid. The note is for the
    reader and the coordinators, like a legal thread.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="clearances")
    language = models.CharField(max_length=5, choices=Language)
    canon = models.PositiveSmallIntegerField(default=1)
    hash = models.CharField(max_length=64)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    note = models.TextField(_("note"), blank=True, max_length=LONGEST_NOTE)
    reader = models.ForeignKey(
        "documents.LegalReader", null=True, on_delete=models.RESTRICT, related_name="+"
    )
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    guest = models.UUIDField(null=True, editable=False, db_index=True)
    guest_name = OutsidersTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reader__isnull=False, guest=None)
                | models.Q(reader=None, guest__isnull=False),
                name="a_clearance_has_its_lawyer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.language} {self.hash[:8]}"
