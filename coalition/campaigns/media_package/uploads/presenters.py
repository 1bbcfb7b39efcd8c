"""What the page of an item shows of uploads."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.uploads.queries import unfinished_uploads
from coalition.workspaces.permissions import Access


def unfinished_rows(access: Access, item: MediaItem) -> list[dict[str, Any]]:
    """Return the person's own uploads to the item that are no file yet."""
    return [
        {
            "upload": one,
            "label": Format(one.format).label,
            "received": filesizeformat(one.received),
            "size": filesizeformat(one.size),
            "is_whole": one.received == one.size,
            "may_try_again": bool(one.failure)
            and one.received == one.size
            and getattr(one, "has_pieces", False),
            "again_url": reverse("campaigns:media_upload_again", args=[one.uuid]),
            "url": reverse("campaigns:media_upload", args=[one.uuid]),
        }
        for one in unfinished_uploads(access.user, item)
    ]
