"""A link by which one named person without an account decides once for an organisation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from documents.approval.models.rounds import ApprovalRound
from documents.drafts.enums import LinkAct, LinkEnd, LinkMaker


class OneTimeLink(models.Model):
    """One person's link to decide for one organisation on the words put now.

    The address holds a token of which the database keeps the SHA-256 only; name and address are sealed.
    `languages`: those it asks to approve; `words`: language → hash of everything put when it was made. It
    opens nothing once a word is another. `made_as`: in which right, and asked anew at every use
    (`queries.one_time_links`). `used_at`: it decided, and is dead.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="one_time_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    languages = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    name = SealedTextField(_("name"))
    email = SealedTextField(_("e-mail"))
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_as = models.CharField(max_length=16, choices=LinkMaker)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, choices=LinkEnd, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["round", "organisation"], name="one_time_links_of_asked")]

    def __str__(self) -> str:
        return f"one-time link {self.uuid}"  # ends up in logs: never the name


class OneTimeUse(models.Model):
    """One use of such a link. No network address is kept."""

    link = models.ForeignKey(OneTimeLink, on_delete=models.CASCADE, related_name="uses")
    act = models.CharField(max_length=12, choices=LinkAct)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["link", "at"], name="one_time_use_by_time")]

    def __str__(self) -> str:
        return f"{self.act} of {self.link_id}"
