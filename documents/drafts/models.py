"""A draft, its texts in the coalition's languages, and their named versions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.workspaces.models import Workspace
from documents.drafts.enums import Handling, TextKind


class Draft(models.Model):
    """A text written together, in up to three languages. Its working title is for members only."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(_("kind of text"), max_length=20, choices=TextKind, default=TextKind.STATEMENT)
    title = models.CharField(_("working title"), max_length=160)
    handling = models.CharField(
        _("handling mark"), max_length=12, choices=Handling, default=Handling.WORKSPACE
    )
    first_language = models.CharField(
        _("written first in"), max_length=5, choices=Language, default=Language.KK
    )
    restricted = models.BooleanField(_("only for some organisations"), default=False)
    restricted_to = models.ManyToManyField(Organisation, blank=True, related_name="+")
    # Readers under the mark "named people"; empty under every other mark.
    named_people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    # Set by an editor; `checklist/legal.py` computes what the words require.
    needs_lawyer = models.BooleanField(_("a lawyer reads it before it is put to approval"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Optional phases: from `final_from` on only coordinators change the words.
    comments_until = models.DateTimeField(_("comments until"), null=True, blank=True)
    final_from = models.DateTimeField(_("final text from"), null=True, blank=True)
    joining_until = models.DateTimeField(_("joining until"), null=True, blank=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-changed_at"]
        default_permissions = ()
        permissions = [("read_restricted_draft", "Read a restricted draft")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:draft", args=[self.uuid])


class DraftUserPermission(UserObjectPermissionBase):
    """Guardian's user rows on a restricted draft; unused."""

    content_object = models.ForeignKey(Draft, on_delete=models.CASCADE)


class DraftGroupPermission(GroupObjectPermissionBase):
    """Guardian's group rows on a restricted draft: groups per workspace and organisation."""

    content_object = models.ForeignKey(Draft, on_delete=models.CASCADE)


class DraftText(models.Model):
    """One language version of a draft. Its content is the live document (`coalition.realtime`, by
    this UUID); the fields here are derived from it within seconds.

    `title`, `lead` and `body` (the editor's JSON) are the current words, without open suggestions.
    `marked` is the whole text with suggestions and comments, a `doc` node that begins with `title`
    and `lead`; empty until the live document is first opened. `open_suggestions` counts people's
    suggestions that are neither accepted nor rejected; `read_to` and `read_rows` are the position
    in the live document's log from which all this was read. `revision` counts changes of the
    current words. `content_hash` is the hash of the canonical form, or empty while there is none
    (empty title, open gap). `based_on` and `based_on_revision` are the text and its revision from
    which this one was translated.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=Language)
    title = models.TextField(_("title"), blank=True)
    lead = models.TextField(_("lead"), blank=True)
    body = models.JSONField(default=dict, blank=True)
    marked = models.JSONField(default=dict, blank=True)
    open_suggestions = models.PositiveIntegerField(default=0)
    read_to = models.BigIntegerField(default=0, editable=False)
    read_rows = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="translations"
    )
    based_on_revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_for = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "language"], name="one_text_a_language")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.language} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("documents:text", args=[self.draft.uuid, self.language])

    @property
    def is_empty(self) -> bool:
        return self.revision == 0

    @property
    def is_older(self) -> bool:
        """Whether the source text has changed since the translation. Needs `based_on` loaded."""
        return self.based_on is not None and self.based_on.revision > self.based_on_revision


class Version(models.Model):
    """A named, immutable state of a draft text: its canonical bytes and their hash."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=120)
    canon = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=5, choices=Language)
    canonical = models.TextField()  # the RFC 8785 bytes, as UTF-8 text
    hash = models.CharField(max_length=64, db_index=True)
    revision = models.PositiveIntegerField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:version", args=[self.uuid])


# --- fields ---
# Several codes in one column, searchable by the database on every engine.


class CodesField(models.TextField):
    """A list of codes without spaces, stored as " kk ru "; `<field>__contains=" kk "` finds one."""

    # django-stubs reads the attribute's set and get types from these.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": list, **kwargs})

    def from_db_value(self, value: str | None, expression: object, connection: object) -> list[str]:
        return (value or "").split()

    def to_python(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):  # the value of a lookup
            return value
        return f" {' '.join(value)} " if value else ""
