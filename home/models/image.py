"""Pictures of the public site: in the public storage, with the words that go with them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
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
from documents.files.types import type_of
from home.models.uploads import is_new


def public_storage() -> object:
    return storages["public"]


class PublicImage(AbstractImage):
    """A picture that is public from the moment it is here: never put a draft's picture here."""

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
        *(name for name in Image.admin_form_fields if name != "description"),  # `alt` is ours
        "alt",
        "credit",
    )

    _drawn_anew = False

    def clean(self) -> None:
        """Forms say in words what is wrong with an upload; `save` would refuse it too."""
        super().clean()
        try:
            self._draw_anew()
        except Refused as refused:
            raise ValidationError({"file": str(refused)}) from refused

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._draw_anew()
        super().save(*args, **kwargs)

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> "ContentFile[bytes]":  # noqa: A002  Wagtail's name for it
        """As Wagtail does, and its temporary file is closed at once instead of when memory is tidied."""
        with super().generate_rendition_file(filter, source=source) as drawn:
            drawn.seek(0)
            return ContentFile(drawn.read(), name=drawn.name)

    def _draw_anew(self) -> None:
        """Encode a fresh upload anew, so that no place, camera or name goes public with it.

        Copies of workspace files carry their hash: they were drawn anew when they came in.
        """
        if self.sha256 or self._drawn_anew or not is_new(self.file):
            return
        name = self.file.name
        kind = type_of(self.file.file, name)
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
