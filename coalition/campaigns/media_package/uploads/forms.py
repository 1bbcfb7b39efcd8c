"""The form of a file that is sent in pieces."""

from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.forms import RenditionForm
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.uploads.actions import UPLOAD_MAX_BYTES
from coalition.campaigns.media_package.uploads.pieces import PIECE_BYTES
from coalition.core.localized_text import typed_field
from documents.files.types import ENDINGS


class UploadForm(RenditionForm):
    """Format, language, file. The script sends the file in pieces to `uploads_url`; without script it is
    posted as a `RenditionForm`, which takes 25 MB at most."""

    piece_bytes: Final = PIECE_BYTES
    most_bytes: Final = UPLOAD_MAX_BYTES

    def __init__(self, *args: Any, item: MediaItem, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="upload_%s", **kwargs)
        file = typed_field(self.fields, "file", forms.FileField)
        file.widget.attrs["accept"] = ",".join(ENDINGS)
        file.help_text = _("Up to 4 GB. Large files need a page that stays open; after a break, go on here.")
        self.uploads_url = reverse("campaigns:media_uploads", args=[item.uuid])
        self.item_url = reverse("campaigns:media_item", args=[item.uuid])
