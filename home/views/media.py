"""Public files, streamed: the small size has no web server in front."""

import mimetypes
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

CHUNK = 64 * 1024  # bytes
MONTH = 30 * 24 * 3600  # seconds


@require_safe
async def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the public storage. Names hold a hash or are unique, so that caches may keep them."""
    try:
        file = await sync_to_async(_open)(path)
    except (OSError, SuspiciousOperation, ValueError) as error:  # ValueError: a null byte in the path
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = StreamingHttpResponse(_chunks(file), content_type=kind)
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = f"public, max-age={MONTH}, immutable"
    return response


def _open(path: str) -> File:
    storage = storages["public"]
    return storage.open(path, "rb")


async def _chunks(file: File) -> AsyncIterator[bytes]:
    try:
        while chunk := await sync_to_async(file.read)(CHUNK):
            yield chunk
    finally:
        await sync_to_async(file.close)()
