"""Consents of speakers to their quotations."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import Draft


class QuotationConsent(models.Model):
    """A speaker's consent to one quotation, asked by a link or recorded by somebody.

    Bound to `digest`, of the words, the speaker, the role and the language together: a change of any of them
    needs another. `given_at` or `refused_at`; neither: pending. If asked by link, the database stores only
    the SHA-256 of the token. `how`: by what means the speaker answered, if recorded.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="consents")
    language = models.CharField(max_length=5, choices=Language)
    digest = models.CharField(max_length=64)
    speaker = models.CharField(_("speaker"), max_length=300)
    role = models.CharField(_("role"), max_length=300, blank=True)
    words = models.TextField(_("words"))
    email = OutsidersTextField(_("e-mail"), blank=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    how = models.CharField(_("how it was said"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["draft", "digest"], name="consent_by_digest")]

    def __str__(self) -> str:
        return f"consent {self.uuid}"
