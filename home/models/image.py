"""Pictures of the public site: in the public storage, with the words that go with them."""

from typing import Any

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image, WagtailImageField
from wagtail.images.models import get_rendition_upload_to, get_upload_to


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
    alt = models.CharField(_("description for those who cannot see it"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    admin_form_fields = (*Image.admin_form_fields, "alt", "credit")

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
