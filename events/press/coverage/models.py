"""Coverage by outlets, and the links by which outlets report it themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.models import Publication
from events.core.models import Event
from events.press.coverage.enums import CoverageKind, CoverageState, Proof, Tone


class CoverageLink(models.Model):
    """Link by which an outlet or a partner adds coverage without an account. `label`: its
    recipient, encrypted; the database stores the hash of its token. Entries from it await
    review."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    label = OutsidersTextField()
    language = models.CharField(max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"coverage link {self.uuid}"


class Coverage(models.Model):
    """One publication or airing of an outlet; public, so nothing is encrypted.

    `key` identifies duplicates: a hash of the normalised link, or without a link of outlet, day,
    time and programme. `reach` is a number of people, as reliable as `proof` says; `aired_at` is
    Almaty time."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outlet = models.CharField(_("outlet"), max_length=120)
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CoverageKind)
    on = models.DateField(_("date"))
    aired_at = models.TimeField(_("time"), null=True, blank=True)
    programme = models.CharField(_("programme"), max_length=120, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    key = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    region = models.CharField(_("region"), max_length=5, blank=True)
    reach = models.PositiveBigIntegerField(_("reach"), null=True, blank=True)
    proof = models.CharField(max_length=10, choices=Proof, default=Proof.NOT_KNOWN)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, blank=True)
    state = models.CharField(max_length=10, choices=CoverageState, default=CoverageState.COUNTED)
    came_by = models.ForeignKey(
        CoverageLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    noted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=Q(removed_at=None), name="one_coverage_a_key"
            ),
            models.CheckConstraint(
                condition=Q(reach__isnull=False) | Q(proof=Proof.NOT_KNOWN), name="proof_of_a_reach"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "state", "on"], name="coverage_by_day")]

    def __str__(self) -> str:
        return f"coverage {self.uuid}"
