"""Public files, streamed: the small size has no web server in front."""

import mimetypes
import re
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from coalition.storage.errors import StorageAway

CHUNK = 64 * 1024  # bytes
MONTH = 30 * 24 * 3600  # seconds
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@require_safe
async def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the public storage, or the part of it that is asked for: players of videos ask for parts.

    Names hold a hash or are unique, so that caches may keep them.
    """
    try:
        file = await sync_to_async(_open_public_file)(path)
    except StorageAway:  # it may be there
        raise
    except (OSError, SuspiciousOperation, ValueError) as error:  # ValueError: a null byte in the path
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    part = _byte_range(request.headers.get("Range", ""), file.size)
    if part is None:
        await sync_to_async(file.close)()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    first, end = part
    response = StreamingHttpResponse(_iter_chunks(file, first, end), content_type=kind)
    if (first, end) != (0, file.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    response["Content-Length"] = str(end - first)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={MONTH}, immutable"
    return response


def _byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; the whole for what is no single range; None if it lies outside.

    RFC 9110, 14.1.2: a range that is not understood is ignored.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    if not first:  # the last so many bytes
        return (max(0, size - int(last)), size) if int(last) and size else None
    if last and int(last) < int(first):
        return 0, size
    end = min(int(last) + 1, size) if last else size
    return (int(first), end) if int(first) < size else None


def _open_public_file(path: str) -> File:
    storage = storages["public"]
    return storage.open(path, "rb")


async def _iter_chunks(file: File, first: int, end: int) -> AsyncIterator[bytes]:
    left = end - first
    try:
        await sync_to_async(file.seek)(first)
        while left > 0 and (chunk := await sync_to_async(file.read)(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    finally:
        await sync_to_async(file.close)()
