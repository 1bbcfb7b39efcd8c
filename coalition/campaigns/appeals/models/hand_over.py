"""Support that is handed over to whom the appeal is addressed."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models.appeal import Appeal, AppealVersion
from coalition.campaigns.appeals.models.support import Support
from coalition.core.crypto import SealedTextField
from coalition.core.localized_text import LocalizedTextField
from documents.files.models import StoredFile, private_storage

FOLDER: Final = "hand-overs"  # in the private storage


def pdf_path(hand_over: "HandOver", filename: str) -> str:
    """By UUID only: the storage's listing tells nothing."""
    return f"{FOLDER}/{hand_over.uuid.hex[:2]}/{hand_over.uuid}.pdf.sealed"


def csv_path(hand_over: "HandOver", filename: str) -> str:
    return f"{FOLDER}/{hand_over.uuid.hex[:2]}/{hand_over.uuid}.csv.sealed"


class HandOver(models.Model):
    """Two files, frozen when they are made: how many support one version, and the names that were ticked.

    `regions`: [[region code, count], …] as it stands in the files, in full tens. The files hold names: they
    are stored encrypted with `file_key`, and deleted (`files_deleted_at`) when one of `supports`, whose names
    are in them, takes the name back, and with the personal data of the appeal. Counts and hashes stay.
    `names_print`: a keyed hash of the names in them, which tells whether one may not leave any more.
    Receipt and answer are typed in by organisers, and public since `published_at`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="hand_overs")
    version = models.ForeignKey(AppealVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    names = models.PositiveIntegerField()
    regions = models.JSONField(default=list)
    supports = models.ManyToManyField(Support, related_name="hand_overs")
    names_print = models.CharField(max_length=64)
    file_key = SealedTextField(blank=True)
    pdf = models.FileField(storage=private_storage, upload_to=pdf_path, blank=True)
    pdf_sha256 = models.CharField(max_length=64)
    csv = models.FileField(storage=private_storage, upload_to=csv_path, blank=True)
    csv_sha256 = models.CharField(max_length=64)
    files_deleted_at = models.DateTimeField(null=True, blank=True)

    recipient = LocalizedTextField(_("handed over to"), blank=True)
    delivered_on = models.DateField(_("handed over on"), null=True, blank=True)
    receipt = LocalizedTextField(_("receipt"), blank=True)
    receipt_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = LocalizedTextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"hand-over {self.uuid}"
