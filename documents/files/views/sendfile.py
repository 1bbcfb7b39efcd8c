"""Files that nginx sends in our place, after the right was asked here (`X_ACCEL`; deploy/nginx.conf)."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse

from documents.files.models import StoredFile
from documents.files.public_copy import StoredBytes

INSIDE: Final = "/internal/files/"  # a location of nginx that nobody can ask for from outside


def handed_over(file: StoredFile, stored: StoredBytes, headers: Mapping[str, str]) -> HttpResponse | None:
    """The answer that hands the file over; None where we send it ourselves.

    nginx answers ranges and conditions by itself, so ours are left out. A file that is not on this machine's
    disk is never handed over.
    """
    if not settings.X_ACCEL or not isinstance(stored.file.storage, FileSystemStorage):
        return None
    kept = {name: value for name, value in headers.items() if name not in {"Accept-Ranges", "ETag"}}
    kept["X-Accel-Redirect"] = INSIDE + quote(str(stored.file.name))
    return HttpResponse(headers=kept, content_type=file.content_type)
