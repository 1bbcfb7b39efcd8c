"""The logo of a coalition organisation, stored while it permits public display."""

import json
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language, Listing
from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from documents.approval.models import ApprovalRound
from documents.canonical.form import Document
from documents.drafts.enums import PublicationState, Way
from documents.drafts.models import Draft, Version
from documents.files.models import private_storage


def organisation_logo_path(logo: "OrganisationLogo", filename: str) -> str:
    """By UUID only: the storage's listing discloses no names."""
    return f"logos/{logo.uuid.hex[:2]}/{logo.uuid}"


class OrganisationLogo(models.Model):
    """A logo, re-rendered, small, a PNG; with who permitted its display, and when.

    The row is the permission: it and the file are deleted when the permission is withdrawn, when
    the organisation is no longer named in public, and when a newer logo comes.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    file = models.FileField(storage=private_storage, upload_to=organisation_logo_path)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    permitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    permitted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"logo {self.uuid}"


# --- publication ---
# Publication of an approved draft, and the chain that makes silent changes detectable.


class ChainHead(models.Model):
    """The end of the chain of publications: one row, locked by each publication while it is
    appended."""

    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"chain up to {self.number}"


class Publication(models.Model):
    """An approved draft made public, at one moment in all its languages.

    `record` is the RFC 8785 text whose SHA-256 is `hash`: documents, moments, one salted commitment
    per organisation, and the previous publication's hash. Names are stored beside it, never in it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="publications")
    round = models.ForeignKey(ApprovalRound, on_delete=models.PROTECT, related_name="publications")
    state = models.CharField(max_length=10, choices=PublicationState, default=PublicationState.PLANNED)
    number = models.PositiveIntegerField(null=True, unique=True)  # position in the chain, from 1
    scheduled_at = models.DateTimeField(null=True, blank=True)
    # SEQUENCE in the outlets' calendars: rises with every change of moment or state.
    calendar_sequence = models.PositiveIntegerField(default=0)
    calendar_changed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    awaiting_since = models.DateTimeField(null=True, blank=True)  # rule no longer met, decision pending
    correction_note = models.TextField(_("what was corrected"), blank=True, max_length=1000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawal_note = models.TextField(_("why it was withdrawn"), blank=True, max_length=1000)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    record = models.TextField(blank=True)
    hash = models.CharField(max_length=64, blank=True, db_index=True)
    previous_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PublicationState.PUBLIC) | Q(published_at__isnull=False),
                name="public_since_a_moment",
            )
        ]

    def __str__(self) -> str:
        return f"publication {self.uuid}"

    @property
    def title(self) -> str:
        """Return the public title, in the reader's language if available: a draft's working title
        is not for everyone who may see a publication. Needs `texts` with their versions loaded."""
        return title_among({text.language: text.document for text in self.texts.all()})


def title_among(documents: Mapping[str, Document]) -> str:
    """Return the title of the document in the reader's language if available, else of the first
    one."""
    return in_readers_language({one: str(document["title"]) for one, document in documents.items()})


def in_readers_language(titles: Mapping[str, str]) -> str:
    return titles.get(get_language() or "") or next(iter(titles.values()), "")


class PublicationText(models.Model):
    """The version of one language that became public.

    `slug`: of its page, permanent; empty if no site has made a page of it.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5, choices=Language)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    canon = models.PositiveSmallIntegerField(default=1)
    hash = models.CharField(max_length=64)
    slug = models.CharField(max_length=255, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "language"], name="one_published_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} of {self.publication_id}"

    @property
    def document(self) -> Document:
        """Return the canonical document. Needs `version` loaded."""
        document: Document = json.loads(self.version.canonical)
        return document


class PublicationName(models.Model):
    """An organisation under a published text. The commitment stands in the chain; the salt is its proof.

    `decisions`: what it recorded on each language, with hash, way and moment
    (`documents.approval.matrix.Signatory`).
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="names")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    listing = models.CharField(max_length=12, choices=Listing)
    salt = SealedTextField(blank=True)
    commitment = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    way = models.CharField(max_length=20, choices=Way, default=Way.MEMBERS_AREA)
    decisions = models.JSONField(default=list, blank=True)
    taken_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "organisation"], name="one_name_a_publication")
        ]

    def __str__(self) -> str:
        return f"name {self.pk} of {self.publication_id}"
