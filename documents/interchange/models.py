"""Files that texts leave as, files that come in, and people who are known by such files alone."""

from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.drafts.enums import Handling, IncomingState, TextKind
from documents.drafts.models import Draft, DraftText
from documents.files.models import private_storage
from documents.interchange.formats import Format, View


def made_path(file: "ExportedFile", filename: str) -> str:
    return f"exports/{file.uuid.hex[-2:]}/{file.uuid}"


def incoming_path(file: "IncomingFile", filename: str) -> str:
    return f"incoming/{file.uuid.hex[-2:]}/{file.uuid}"


class ExportedFile(models.Model):
    """A file that a text left as, and the text as it was then: with it a file that comes back is compared.

    `marked` is the whole text with suggestions; what has come back since is added to it, so that the next
    file brings only what is new. `shown` keeps what the file shows beside it: `names` by the id of a
    suggestion, `threads` as [author, words], the rows of the `letterhead`, the `pictures` that are in it.
    `file` holds the bytes of one that took long to make, for a day.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="exported_files")
    format = models.CharField(max_length=4, choices=Format)
    view = models.CharField(max_length=12, choices=View)
    handling = models.CharField(max_length=12, choices=Handling)
    name = models.CharField(max_length=200)
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64, blank=True)
    marked = models.JSONField()
    shown = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    guest = models.UUIDField(null=True, editable=False)  # of the link
    made_at = models.DateTimeField()
    file = models.FileField(storage=private_storage, upload_to=made_path, blank=True)
    is_long = models.BooleanField(default=False)
    failed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.format} of r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("documents:exported", args=[self.uuid])

    @property
    def code(self) -> str:
        """The figures in the file's name, by which it is known when its properties are lost."""
        return self.uuid.hex[-8:]


class IncomingFile(models.Model):
    """A Word or LibreOffice file that was sent: back into `text`, or to become a new draft.

    Kept in private storage until somebody takes it in or discards it. `reading` is what it says
    (`exchange.read_file.FileRead`). `problem`: why it is not read, a code of `exchange.reasons`. `report`:
    what came of it. A guest sends by a link: then `guest` and `guest_name` are theirs, and the organisation
    is that of the link.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    text = models.ForeignKey(DraftText, null=True, on_delete=models.CASCADE, related_name="incoming_files")
    exported = models.ForeignKey(ExportedFile, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(storage=private_storage, upload_to=incoming_path, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    state = models.CharField(max_length=10, choices=IncomingState, default=IncomingState.READING)
    problem = models.CharField(max_length=20, blank=True)
    reading = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    # Of a new draft.
    title = models.CharField(_("working title"), max_length=160, blank=True)
    kind = models.CharField(_("kind of text"), max_length=20, choices=TextKind, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    handling = models.CharField(_("handling mark"), max_length=12, choices=Handling, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    guest = models.UUIDField(null=True, editable=False)  # of the link
    guest_name = OutsidersTextField(blank=True)
    sent_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"incoming file {self.uuid}"  # ends up in logs: never the name

    def get_absolute_url(self) -> str:
        return reverse("documents:incoming", args=[self.uuid])

    @property
    def is_refused(self) -> bool:
        return self.state == IncomingState.REFUSED

    @property
    def is_taken_in(self) -> bool:
        return self.state == IncomingState.TAKEN_IN

    @property
    def is_discarded(self) -> bool:
        return self.state == IncomingState.DISCARDED


class ImportedAuthor(models.Model):
    """Somebody who is known by a Word file alone: a lawyer without an account. Their suggestions carry this
    UUID where a member's carry the member's, and the organisation that brought the file in.

    The UUID follows from draft, organisation and name, so that the same person is the same the next time.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="imported_authors")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = OutsidersTextField()
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"imported author {self.uuid}"  # ends up in logs: never the name

    @staticmethod
    def uuid_for(draft: Draft, organisation: Organisation, name: str) -> UUID:
        """The UUID of somebody of this name."""
        return uuid5(draft.uuid, f"{organisation.uuid} {' '.join(name.split()).casefold()}")
