"""Files leave here, in pieces, and only after the right was asked: on every access, also for a part."""

import re
from collections.abc import AsyncIterator
from typing import IO, Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from coalition.workspaces import access
from documents.drafts.access import to_file
from documents.drafts.enums import Handling
from documents.files.models import StoredFile
from documents.files.public_copy import StoredBytes, original_of, public_bytes
from documents.files.views.sendfile import handed_over

_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@access.members_only
@require_safe
def download(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """The file to keep: its name and a header carry the handling mark. Answers ranges, for films."""
    _access, found = to_file(request, file)
    return send(request, found, inline=False)


@access.members_only
@require_safe
def picture(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """A picture to look at on a page. Only pictures, which were drawn anew when they came in."""
    _access, found = to_file(request, file, deleted=True)
    return send(request, found, inline=found.is_picture)


def marked_name(file: StoredFile) -> str:
    """The file's name with its handling mark, so that the mark travels with the file."""
    handling = Handling(file.handling)
    if handling == Handling.PUBLIC:
        return file.name
    stem, dot, ending = file.name.rpartition(".")
    mark = handling.tlp.replace(":", " ")
    return f"{stem} ({mark}){dot}{ending}" if dot else f"{file.name} ({mark})"


def picture_name(file: StoredFile) -> str:
    """What a picture is called for who reads the text alone: its own name may tell of the workspace."""
    return f"picture.{file.content_type.rpartition('/')[2]}"


def send_picture(request: HttpRequest, file: StoredFile) -> HttpResponse | StreamingHttpResponse:
    """A picture of a text, for who reads the text without being in the workspace."""
    return send(request, file, inline=True, name=picture_name(file))


def send_in_public(
    request: HttpRequest, file: StoredFile, *, name: str
) -> HttpResponse | StreamingHttpResponse:
    """The file without metadata, for people outside. Raises CopyMissing or Refused as `public_bytes` does."""
    return send(request, file, inline=False, name=name, stored=public_bytes(file))


def send(
    request: HttpRequest, file: StoredFile, *, inline: bool, name: str = "", stored: StoredBytes | None = None
) -> HttpResponse | StreamingHttpResponse:
    """The bytes of a file whose right has been asked, whole or in part. `name`: what it is called instead of
    its own name; `stored`: the bytes in place of those that were sent in."""
    stored = stored or original_of(file)
    etag = f'"{stored.sha256}"'
    headers = {
        "Content-Disposition": content_disposition_header(not inline, name or marked_name(file))
        or "attachment",
        "X-Content-Type-Options": "nosniff",
        "X-Handling": Handling(file.handling).tlp,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    if handed := handed_over(file, stored, headers):
        return handed
    wanted = _part(request, stored.size, etag)
    if wanted is None:
        headers["Content-Range"] = f"bytes */{stored.size}"
        return HttpResponse(status=416, headers=headers, content_type=file.content_type)
    first, last, partial = wanted
    headers["Content-Length"] = str(last - first + 1)
    if partial:
        headers["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=file.content_type)
    # Looked for before the answer begins: where the storage is away, that is told and no answer breaks off.
    # Not opened: who goes away before the first piece would leave it open.
    stored.file.storage.size(str(stored.file.name))
    pieces = _pieces(stored, first, last - first + 1)
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=file.content_type)


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """First byte, last byte, and whether that is a part; None if the range lies outside of the file.

    One range is answered; several, or none that is understood, mean the whole file (RFC 9110, 14.2).
    """
    whole = (0, size - 1, False)
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if asked is None or (condition is not None and condition != etag):
        return whole
    start, end = asked.groups()
    if not start and not end:
        return whole
    if not start:
        length = min(int(end), size)
        return (size - length, size - 1, True) if length else None
    first = int(start)
    last = min(int(end), size - 1) if end else size - 1
    if first >= size:
        return None
    return (first, last, True) if first <= last else whole


async def _pieces(stored: StoredBytes, first: int, length: int) -> AsyncIterator[bytes]:
    """The bytes in pieces; reading happens in a thread, so that no other request waits for the disk."""
    storage, name = stored.file.storage, str(stored.file.name)
    content: IO[Any] = await sync_to_async(storage.open, thread_sensitive=False)(name, "rb")
    try:
        await sync_to_async(content.seek, thread_sensitive=False)(first)
        left = length
        while left > 0:
            piece = await sync_to_async(content.read, thread_sensitive=False)(min(_CHUNK, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
    finally:
        await sync_to_async(content.close, thread_sensitive=False)()
