"""A file of a workspace, in private storage."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.workspaces.models import Workspace
from documents.drafts.models import Handling


def private_storage() -> Storage:
    return storages["default"]


def storage_path(file: "StoredFile", filename: str) -> str:
    """Return the path, by UUID only, so that listing the storage reveals no file names."""
    return f"files/{file.uuid.hex[:2]}/{file.uuid}"


def clean_storage_path(file: "StoredFile", filename: str) -> str:
    return f"clean/{file.uuid.hex[:2]}/{file.uuid}"


class StoredFile(models.Model):
    """A file shared by members. It is served only by a view that checks the right on every request.

    `clean_file`: the copy without metadata for the public, once it was made, with its own checksum
    and size; `not_cleaned`: the code of why it cannot be made (`documents.files.public_copy`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(storage=private_storage, upload_to=storage_path)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField(
        _("Description for those who cannot see it"),
        max_length=300,
        blank=True,
        help_text=_(
            "For pictures: what is to be seen, in one sentence. A text cannot be approved without it."
        ),
    )
    caption = models.CharField(_("Caption"), max_length=300, blank=True)
    credit = models.CharField(
        _("Credit"), max_length=160, blank=True, help_text=_("Who made it, and who allows its use.")
    )
    handling = models.CharField(
        _("Handling mark"), max_length=12, choices=Handling, default=Handling.WORKSPACE
    )
    restricted = models.BooleanField(default=False)
    restricted_to = models.ManyToManyField(Organisation, blank=True, related_name="+")
    # Readers under the mark "named people"; empty under every other mark.
    named_people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    clean_file = models.FileField(
        storage=private_storage, upload_to=clean_storage_path, blank=True, editable=False, db_default=""
    )
    clean_sha256 = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    clean_size = models.PositiveBigIntegerField(editable=False, db_default=0)  # bytes
    not_cleaned = models.CharField(max_length=20, blank=True, editable=False, db_default="")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"file {self.uuid}"

    def get_absolute_url(self) -> str:
        return reverse("documents:file", args=[self.uuid])

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
