"""Drafts, their texts, versions and history points; states and kinds, also of approvals and publications."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.workspaces.models import Workspace
from documents.canonical.form import Document


class TextKind(models.TextChoices):
    """What kind of text a draft is; mandates may be limited to one."""

    STATEMENT = "statement", _("Statement")
    PRESS_RELEASE = "press_release", _("Press release")
    ADVISORY = "advisory", _("Media advisory")
    HOLDING = "holding", _("Holding statement")
    MESSAGE_GUIDE = "message_guide", _("Message guide with hard questions")
    QUOTATION_SHEET = "quotation_sheet", _("Quotation sheet")
    FACT_SHEET = "fact_sheet", _("Fact sheet")
    OP_ED = "op_ed", _("Op-ed")
    APPEAL = "appeal", _("Appeal")
    LETTER = "letter", _("Letter")
    DEPUTY_LETTER = "deputy_letter", _("Letter to a deputy")
    COMPARATIVE_TABLE = "comparative_table", _("Comparative table to a draft law")
    MINUTES = "minutes", _("Minutes")
    CAPTION = "caption", _("Caption or wall label")
    MEDIA_ITEM = "media_item", _("Item of a media package")

    @property
    def has_news_page(self) -> bool:
        """Whether its publication gets a page among the news: items stand in their media package."""
        return self is not type(self).MEDIA_ITEM


class Handling(models.TextChoices):
    """How far a draft or file may travel (TLP 2.0 beside our own words), from strict to open."""

    NAMED_PEOPLE = "red", _("Named people only")
    ORGANISATION = "amber_strict", _("My organisation only")
    WORKSPACE = "amber", _("This workspace only")
    COALITION = "green", _("The coalition")
    PUBLIC = "clear", _("Public")

    @property
    def names_readers(self) -> bool:
        """Whether the mark itself names the readers, fewer than all with the right in the workspace."""
        return self in {Handling.NAMED_PEOPLE, Handling.ORGANISATION}

    def is_wider_than(self, other: "Handling") -> bool:
        order = list(Handling)
        return order.index(self) > order.index(other)

    @property
    def tlp(self) -> str:
        """The mark's name in the Traffic Light Protocol."""
        return "TLP:" + self.value.upper().replace("_", "+")


class PointKind(models.TextChoices):
    """Origin of a point in a text's history."""

    AUTOMATIC = "automatic", pgettext_lazy("history", "Written")
    RESTORED = "restored", pgettext_lazy("history", "Gone back")
    IMPORTED = "imported", pgettext_lazy("history", "Word file taken in")
    PUBLISHED = "published", pgettext_lazy("history", "Published")


class RoundState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    PUBLISHED = "published", _("Published")


class Voice(models.TextChoices):
    """In whose voice a text speaks."""

    COALITION = "coalition", _("On behalf of the coalition")
    LISTED = "listed", _("By the organisations that are listed")
    ONE = "one", _("By one organisation, joined by others")


class ApprovalRule(models.TextChoices):
    """Condition for publishing a text, and for naming the organisations (the sentences are in
    `documents.approval.obstacles`)."""

    JOINED = "joined", _("With the names of those who joined by the deadline")
    ALL = "all", _("When all who are asked have approved")
    NO_OBJECTION = "no_objection", _("When nobody has objected after notice")


class DecisionKind(models.TextChoices):
    """Decision of an organisation on a version."""

    APPROVED = "approved", _("Approved")
    RELIES = "relies", _("Relies on attested translation")
    CHANGES_ASKED = "changes", _("Changes asked")
    ABSTAINS = "abstains", _("Abstains")
    OBJECTS = "objects", _("Objects")

    @property
    def stands(self) -> bool:
        """Whether it makes the organisation a signatory, as long as the words stay the same."""
        return self in {DecisionKind.APPROVED, DecisionKind.RELIES}


class Way(models.TextChoices):
    """Channel by which a decision was recorded."""

    MEMBERS_AREA = "members_area", _("In the members' area")
    LINK = "link", _("By one-time link")
    PHONE_CODE = "phone_code", _("By phone, with a code read back")
    PHONE_CALLBACK = "phone_callback", _("By phone, called back by another organisation")
    PHONE_LATER = "phone_later", _("By phone, counting after a day without objection")
    CARRIED_OVER = "carried_over", _("Carried over from approved words")
    NO_OBJECTION = "no_objection", _("No objection")


OFFLINE_WAYS = [Way.LINK, Way.PHONE_CODE, Way.PHONE_CALLBACK, Way.PHONE_LATER]


class CellState(models.TextChoices):
    """State of a cell in the approval matrix; the value is also its CSS class `state--<value>`."""

    NOT_ASKED = "unasked", _("Not asked")
    NOT_OPENED = "unopened", _("Not opened")
    READ = "read", _("Read")
    CHANGES_ASKED = "changes", _("Changes asked")
    APPROVED = "approved", _("Approved")
    RELIES = "relies", _("Relies on attested translation")
    ABSTAINS = "abstains", _("Abstains")
    OBJECTS = "objects", _("Objects")
    REOPENED = "reopened", _("Reopened")
    LATER = "later", _("Approved, counts later")
    NO_OBJECTION = "silent", _("No objection")

    @property
    def counts(self) -> bool:
        return self in {CellState.APPROVED, CellState.RELIES}

    @property
    def is_open(self) -> bool:
        """Whether the organisation's decision is still pending."""
        return self in {CellState.NOT_OPENED, CellState.READ, CellState.REOPENED}


class PublicationState(models.TextChoices):
    """One state machine for publication and embargo, even while the interface offers only *now*."""

    PLANNED = "planned", _("Planned")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLIC = "public", _("Public")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def next_states(self) -> frozenset["PublicationState"]:
        cls = type(self)
        return {
            cls.PLANNED: frozenset({cls.SCHEDULED, cls.PUBLIC}),
            cls.SCHEDULED: frozenset({cls.PLANNED, cls.PUBLIC}),
            cls.PUBLIC: frozenset({cls.WITHDRAWN}),
            cls.WITHDRAWN: frozenset(),
        }[self]


UPCOMING_STATES = [PublicationState.PLANNED, PublicationState.SCHEDULED]
SHOWN_STATES = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]


class Audience(models.TextChoices):
    """Audience of a comment thread."""

    WORKSPACE = "workspace", _("This workspace")
    ORGANISATION = "organisation", _("My organisation")
    LEGAL = "legal", _("The legal reader and the coordinators")

    @property
    def seen_by(self) -> Promise:
        """The text on a thread's card."""
        cls = type(self)
        return {
            cls.WORKSPACE: _("Seen by this workspace"),
            cls.ORGANISATION: _("Seen by my organisation"),
            cls.LEGAL: _("Seen by the legal reader and coordinators"),
        }[self]


class Verdict(models.TextChoices):
    """A lawyer's verdict on a text."""

    CLEARED = "cleared", pgettext_lazy("legal read", "Cleared")
    WITH_CHANGES = "changes", _("Cleared with changes")
    NOT_CLEARED = "no", _("Not cleared")


class GuestPurpose(models.TextChoices):
    """Purpose of a guest link. Each includes reading."""

    READ = "read", pgettext_lazy("guest link", "Read")
    LEGAL = "legal", _("Read and comment as legal reader")
    WORD = "word", _("Edit as a Word file and send it back")


class GuestAct(models.TextChoices):
    """Recorded use of a guest link."""

    FOLLOWED = "followed", _("The link was followed")
    OPENED = "opened", _("Opened by pressing the button")
    READ = "read", _("The text was read")
    COMPARED = "compared", _("Two states were compared")
    COMMENTED = "commented", _("A comment was written")
    CLEARED = "cleared", _("A verdict was given")
    DOWNLOADED = "downloaded", _("The file was downloaded")
    SENT_BACK = "sent_back", _("A file was sent back")


class GuestEnd(models.TextChoices):
    """Reason why a guest link ended early."""

    REVOKED = "revoked", _("taken back")
    MARK = "mark", _("the handling mark or the readers of the draft changed")


class LinkMaker(models.TextChoices):
    """Right under which a one-time link was created."""

    COORDINATOR = "coordinator", _("Coordinator")
    REPRESENTATIVE = "representative", _("Representative")


class LinkAct(models.TextChoices):
    """Recorded use of a one-time link."""

    LOOKED = "looked", _("The link was followed")
    DECIDED = "decided", _("The answer was recorded")


class LinkEnd(models.TextChoices):
    """Reason why a one-time link is invalid."""

    USED = "used", _("used")
    REVOKED = "revoked", _("taken back")


class CallOutcome(models.TextChoices):
    """Outcome of a call to a person who may decide for an organisation."""

    NOT_REACHED = "not_reached", _("Not reached")
    REACHED = "reached", _("Reached, not decided")
    APPROVED = "approved", pgettext_lazy("call", "Approved in the call")


class IncomingState(models.TextChoices):
    """State of an uploaded file."""

    READING = "reading", _("Is being read")
    READY = "ready", _("Waits for a look")
    REFUSED = "refused", _("Could not be read")
    TAKEN_IN = "taken_in", _("Taken in")
    DISCARDED = "discarded", _("Discarded")


class GlossaryField(models.TextChoices):
    """Subject field of a glossary term."""

    VIOLENCE = "violence", _("Violence and harassment")
    HELP = "help", _("Help and care")
    CRIMINAL = "criminal", _("Criminal law")
    COURTS = "courts", _("Courts and other law")
    LABOUR = "labour", _("Work")
    PARLIAMENT = "parliament", _("Making laws")
    RIGHTS = "rights", _("Human rights")
    MEDIA = "media", _("Media")
    COALITION = "coalition", _("How we work")


class GlossaryAct(models.TextChoices):
    """Recorded action on a term."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Taken out")
    RESTORED = "restored", _("Restored")


class EmbargoWay(models.TextChoices):
    """Channel by which a press contact agreed to an embargo."""

    LINK = "link", _("By one press on the link")
    CALL = "call", _("In a call")


class EmbargoAct(models.TextChoices):
    """Recorded action on an embargo access."""

    FOLLOWED = "followed", _("The link was followed")
    AGREED = "agreed", _("Agreed to the embargo")
    CALENDAR = "calendar", _("The address of the calendar was asked for")
    OPENED = "opened", _("Opened by pressing the button")
    READ = "read", _("The text was read")
    DOWNLOADED = "downloaded", _("The file was downloaded")


class Draft(models.Model):
    """A text written together, in up to three languages. Its working title is for members only."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(_("Kind of text"), max_length=20, choices=TextKind, default=TextKind.STATEMENT)
    title = models.CharField(
        _("Working title"),
        max_length=160,
        help_text=_("Only people in this workspace see it. Each language gets its own title in the text."),
    )
    handling = models.CharField(
        _("Handling mark"),
        max_length=12,
        choices=Handling,
        default=Handling.WORKSPACE,
        help_text=_(
            "How far this draft may travel. The mark stands on everything made from it. Under “My "
            "organisation only” nobody else here reads it, coordinators neither."
        ),
    )
    first_language = models.CharField(
        _("Written first in"),
        max_length=5,
        choices=Language,
        default=Language.KK,
        help_text=_("The texts in the other languages follow this one."),
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
    """One language version of a draft. Its content is the live document (`coalition.realtime`, by this UUID);
    the fields here are derived from it within seconds.

    `title`, `lead` and `body` (the editor's JSON) are the current words, without open suggestions. `marked`
    is the whole text with suggestions and comments, a `doc` node that begins with `title` and `lead`; empty
    until the live document is first opened. `open_suggestions` counts people's suggestions that are neither
    accepted nor rejected; `read_to` and `read_rows` are the position in the live document's log from which
    all this was read. `revision` counts changes of the current words. `content_hash` is the hash of the
    canonical form, or empty while there is none (empty title, open gap). `based_on` and `based_on_revision`
    are the text and its revision from which this one was translated.
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

    @property
    def document(self) -> Document:
        """Return the canonical document, parsed anew at each access."""
        document: Document = json.loads(self.canonical)
        return document


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
