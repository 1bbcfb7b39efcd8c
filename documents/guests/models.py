"""Guest links: one named person without a seat reads a draft; and the uses of a link."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Seat
from documents.drafts.models import Draft, DraftText, GuestAct, GuestEnd, GuestPurpose, Version


class GuestLink(models.Model):
    """One person's link to one draft: to all its languages, to one (`text`), or to one `version`.

    The URL contains a token of which the database stores the SHA-256 only. The guest's name and address are
    encrypted. The link belongs to the seat of its author: `queries.guests` computes whether it is valid now.
    `reason`: why this person outside the workspace needs to read it; present where the mark requires one.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="guest_links")
    text = models.ForeignKey(DraftText, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(_("what for"), max_length=8, choices=GuestPurpose, default=GuestPurpose.READ)
    name = OutsidersTextField(_("name"))
    email = OutsidersTextField(_("e-mail"))
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    reason = models.TextField(_("why this person has to read it"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, choices=GuestEnd, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"guest link {self.uuid}"  # written to logs: never the name

    @property
    def may_comment(self) -> bool:
        return self.purpose == GuestPurpose.LEGAL

    @property
    def may_take_file(self) -> bool:
        return self.purpose == GuestPurpose.WORD


class GuestUse(models.Model):
    """One use of a guest link. No network address is stored: it would reveal a lawyer's location."""

    link = models.ForeignKey(GuestLink, on_delete=models.CASCADE, related_name="uses")
    act = models.CharField(max_length=12, choices=GuestAct)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["link", "at"], name="guest_use_by_time")]

    def __str__(self) -> str:
        return f"{self.act} of {self.link_id}"
