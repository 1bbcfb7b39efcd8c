"""Exported files, incoming files, and people known only from such files."""

from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.drafts.models import Draft, DraftText, Handling, IncomingState, TextKind
from documents.files.models import private_storage
from documents.interchange.formats import FileFormat, SuggestionDisplay


def made_path(file: "ExportedFile", filename: str) -> str:
    return f"exports/{file.uuid.hex[-2:]}/{file.uuid}"


def incoming_path(file: "IncomingFile", filename: str) -> str:
    return f"incoming/{file.uuid.hex[-2:]}/{file.uuid}"


class ExportedFile(models.Model):
    """An exported file, and the text at that moment, which an imported file is compared with.

    `marked`: the whole text with suggestions; imported changes are added to it, so that the
    next file brings only what is new. `shown`: other content of the file: `names` by the id of
    a suggestion, `threads` as [author, words], the rows of the `letterhead`, the embedded
    `pictures`. `file`: the bytes of a slow one, for a day.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="exported_files")
    format = models.CharField(max_length=4, choices=FileFormat)
    view = models.CharField(max_length=12, choices=SuggestionDisplay)
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
        """Return the digits in the file's name, which identify it if its properties are lost."""
        return self.uuid.hex[-8:]


class IncomingFile(models.Model):
    """A Word or LibreOffice file that was uploaded: for import into `text`, or as a new draft.

    In private storage until it is accepted or discarded. `reading`: its content (`reader.file.FileRead`).
    `problem`: why it could not be read, a code of `reader.reasons`. `report`: the result of the import. For a
    guest's upload by a link, `guest` and `guest_name` are set, and the organisation is that of the link.
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
    """A person known only from a Word file, such as a lawyer without an account.

    Their suggestions have this UUID in place of a member's, and the importing organisation. The
    UUID is derived from draft, organisation and name, so it is the same on the next import.
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
        """Return the UUID for a person of this name."""
        return uuid5(draft.uuid, f"{organisation.uuid} {' '.join(name.split()).casefold()}")
