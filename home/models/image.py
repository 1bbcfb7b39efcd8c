"""Pictures of the public site: in the public storage, with alt text and credits."""

import hashlib
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    WagtailImageField,
    get_rendition_upload_to,
    get_upload_to,
)

from coalition.core.errors import Refused
from documents.files.images import clean_picture
from documents.files.types import detect_file_type
from home.models.record import public_texts
from home.models.uploads import is_new


def public_storage() -> object:
    return storages["public"]


def file_sha256(file: IO[bytes]) -> str:
    """Return the hex SHA-256 of an open file; the file is rewound."""
    file.seek(0)
    found = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return found


def is_in_a_public_text(sha256: str) -> bool:
    """Return whether a currently public text contains the picture with this hash."""
    return bool(sha256) and public_texts().filter(version__canonical__contains=sha256).exists()


class PublicImage(AbstractImage):
    """A picture that is public from upload on: never put a draft's picture here.

    `sha256` is set for copies of pictures in approved texts, by which pages find them: their file
    is fixed.
    """

    file = WagtailImageField(
        verbose_name=_("file"),
        storage=public_storage,
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )
    alt = models.CharField(
        _("description for those who cannot see it"),
        max_length=300,
        help_text=_("What is to be seen and matters: “Women with white tulips in front of the parliament”."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=160,
        blank=True,
        help_text=_("Who made the picture, as they want to be named."),
    )
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    admin_form_fields = (
        *(name for name in Image.admin_form_fields if name != "description"),  # replaced by our `alt`
        "alt",
        "credit",
    )

    _drawn_anew = False

    def clean(self) -> None:
        """Validate an upload with a message; `save` refuses it too."""
        super().clean()
        try:
            self._refuse_other_file()
            self._draw_anew()
        except Refused as refused:
            raise ValidationError({"file": str(refused)}) from refused

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and re-encode an upload. Raise Refused if the picture is approved and its
        file was replaced."""
        self._refuse_other_file()
        self._draw_anew()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the row. Raise PermissionDenied if a public text shows the picture."""
        refuse_deleting_approved_picture(self)
        return super().delete(*args, **kwargs)

    def holds_its_hash(self) -> bool:
        """Return whether the stored file has the hash of the row. Reads the whole file."""
        try:
            with self.file.storage.open(self.file.name, "rb") as file:
                return file_sha256(file) == self.sha256
        except FileNotFoundError:
            return False

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> "ContentFile[bytes]":  # noqa: A002  Wagtail's name for it
        """Generate as Wagtail does, but close the temporary file at once instead of on garbage
        collection."""
        with super().generate_rendition_file(filter, source=source) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    def _refuse_other_file(self) -> None:
        """Raise Refused if organisations approved this picture and its file was replaced. The
        instance then has the stored file again, so that a form shows it."""
        if self.pk is None:
            return
        rows = PublicImage.objects.filter(pk=self.pk).exclude(sha256="")
        stored = rows.values_list("file", flat=True).first()
        if stored is None or (self.file.name == stored and not is_new(self.file)):
            return
        self.file = stored
        raise Refused(
            _(
                "Organisations approved a text with this picture, so its file stays. Add the other file as a "
                "new picture."
            )
        )

    def _draw_anew(self) -> None:
        """Re-encode a new upload, so that location, camera and names are not published with it.

        Only a copy of a workspace's file stays unchanged, if it has the hash of its row: it was
        re-encoded when it was uploaded there. A row with another hash loses it.
        """
        if self._drawn_anew or not is_new(self.file):
            return
        if self.sha256 and file_sha256(self.file.file) == self.sha256:
            return
        self.sha256 = ""
        name = self.file.name
        kind = detect_file_type(self.file.file, name)
        clean = clean_picture(self.file.file, kind.media_type)
        self.file = ContentFile(clean.content, name=name)
        self.file_size, self.file_hash = len(clean.content), ""
        self._drawn_anew = True

    @property
    def default_alt_text(self) -> Any:
        return self.alt or self.title


class PublicRendition(AbstractRendition):
    image = models.ForeignKey(PublicImage, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        storage=public_storage,
        upload_to=get_rendition_upload_to,
        width_field="width",
        height_field="height",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_public_rendition"
            )
        ]


@receiver(pre_delete, sender=PublicImage)
def refuse_deleting_approved_picture(instance: PublicImage, **_given: Any) -> None:
    """Refuse to delete a picture of a public text in any of Wagtail's views, including bulk
    actions.

    Raises PermissionDenied, which Wagtail's admin shows as a message.
    """
    if is_in_a_public_text(instance.sha256):
        raise PermissionDenied
