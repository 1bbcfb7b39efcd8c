"""Publications, their chain, texts and names; logos; media access under embargo; verification."""

from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Listing, Organisation
from coalition.core.crypto import SealedTextField
from documents.canonical.form import Document
from documents.drafts.models import Draft, EmbargoAct, EmbargoWay, PublicationState, Version, Way
from documents.files.logos import Logo
from documents.files.withheld import WithheldContent


class OrganisationLogo(Logo):
    """The logo of an organisation, with who permitted its display, and when.

    The row is the permission: it and the file are deleted when the permission is withdrawn, when
    the organisation is no longer named in public, and when a newer logo comes.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    permitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    permitted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class ChainHead(models.Model):
    """The end of the chain of publications: one row, locked by each publication while it is appended."""

    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"chain up to {self.number}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def with_texts(self) -> Self:
        """Load the texts with their versions, in one more query."""
        return self.prefetch_related(
            models.Prefetch("texts", queryset=PublicationText.objects.select_related("version"))
        )

    def newest_public(self) -> "Publication | None":
        """Return what is public now, which a correction would replace. Call it for one draft."""
        return self.filter(state=PublicationState.PUBLIC, replaced_by=None).order_by("-number").first()

    def standing_names(self) -> "list[PublicationName]":
        """Return the names under `newest_public`; empty without one. Call it for one draft."""
        public = self.newest_public()
        if public is None:
            return []
        return list(public.names.filter(taken_off_at=None).select_related("organisation"))


class Publication(models.Model):
    """An approved draft made public, at one moment in all its languages.

    `record` is the RFC 8785 text whose SHA-256 is `hash`: documents, moments, one salted commitment
    per organisation, and the previous publication's hash. Names are stored beside it, never in it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="publications")
    round = models.ForeignKey(
        "documents.ApprovalRound", on_delete=models.PROTECT, related_name="publications"
    )
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

    objects = PublicationQuerySet.as_manager()

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
        return in_readers_language({text.language: text.title for text in self.texts.all()})

    @property
    def has_withheld_words(self) -> bool:
        """Whether consent withholds its words now, in one language at least. One query a request. Needs
        `texts` with their versions loaded."""
        withheld = WithheldContent()
        return any(withheld.has_words_of(text) for text in self.texts.all())


def title_among(documents: Mapping[str, Document]) -> str:
    """Return the title of the document in the reader's language if available, else of the first one."""
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
        """Return the canonical document as the public may read it now: a picture under consent that may not
        be shown has left a sentence. One query a request, none without pictures. Needs `version` loaded."""
        return self.document_without(WithheldContent())

    def document_without(self, withheld: WithheldContent) -> Document:
        """Return `document`, with what is shared among several texts."""
        return withheld.without(self.version.document)

    @property
    def recorded_document(self) -> Document:
        """Return the document that organisations approved, for comparisons with its hash: never displayed.
        Needs `version` loaded."""
        return self.version.document

    @property
    def title(self) -> str:
        """Return the title. No query. Needs `version` loaded."""
        return str(self.version.document["title"])


class PublicationName(models.Model):
    """An organisation under a published text. The commitment stands in the chain; the salt is its proof.

    `decisions`: what it recorded on each language, with hash, way and moment
    (`documents.approval.obstacles.Signatory`).
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


class EmbargoAccess(models.Model):
    """One person of an outlet and one planned publication: asked, agreed to the embargo, or revoked.

    `contact` is a UUID: contacts may be in a database of their own. The mailed URL contains a token, of which
    the database stores only the SHA-256. None of the text is disclosed before `agreed_at`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="accesses")
    contact = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_way = models.CharField(_("how it was agreed"), max_length=8, choices=EmbargoWay, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "contact"],
                condition=models.Q(revoked_at=None),
                name="one_embargo_access_a_contact",
            )
        ]

    def __str__(self) -> str:
        return f"embargo access {self.uuid}"


class EmbargoFeed(models.Model):
    """The embargo calendar of one person of an outlet; a new URL invalidates the previous one.

    The URL contains a token, of which the database stores only the SHA-256; it is mailed to the
    person. Its content is computed at every request (`queries.embargoes_in_calendar`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    contact = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(ended_at=None), name="one_embargo_feed_a_contact"
            )
        ]

    def __str__(self) -> str:
        return f"embargo feed {self.uuid}"


class EmbargoUse(models.Model):
    """One use of an access. No network address is stored."""

    access = models.ForeignKey(EmbargoAccess, on_delete=models.CASCADE, related_name="uses")
    act = models.CharField(max_length=10, choices=EmbargoAct)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["access", "at"], name="embargo_use_by_time")]

    def __str__(self) -> str:
        return f"{self.act} of {self.access_id}"


class PublicationCheck(models.Model):
    """The last verification of a publication. No public page reads this table.

    `findings`: see `Finding.as_json`. `grave_runs`: the number of successive runs with a grave
    difference, without those within minutes of the last counted one (`grave_counted_at`).
    `alarmed`: key of a finding → when it was last reported (ISO 8601).
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="last_check")
    checked_at = models.DateTimeField(db_index=True)
    findings = models.JSONField(default=list, blank=True)
    finding_count = models.PositiveSmallIntegerField(default=0)
    grave_runs = models.PositiveSmallIntegerField(default=0)
    grave_counted_at = models.DateTimeField(null=True, blank=True)
    alarmed = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"check of {self.publication_id}"


class TakenOff(models.Model):
    """A publication whose pages and certificate are off the site during verification: since when, why.

    Its own record is unchanged. The row is deleted when a verification finds no grave difference.
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="taken_off")
    since = models.DateTimeField()
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.publication_id} off the site"
