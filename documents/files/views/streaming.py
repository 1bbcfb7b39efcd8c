"""Bytes that were made leave here, in pieces: files of texts with their handling mark, and logos."""

from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import content_disposition_header

from documents.drafts.enums import Handling
from documents.interchange.formats import Format
from documents.interchange.models import ExportedFile
from documents.open_letters.models import JoiningLogo
from documents.publication.models.organisation_logo import OrganisationLogo

_PIECE = 256 * 1024


def send_made(made: ExportedFile, content: bytes) -> StreamingHttpResponse:
    """A file that a text left as. The right was asked by the caller."""
    headers = {
        "Content-Disposition": content_disposition_header(True, made.name) or "attachment",  # noqa: FBT003  as Django has it
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
        "X-Handling": Handling(made.handling).tlp,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store, private",
    }
    media_type = Format(made.format).media_type
    return StreamingHttpResponse(pieces(content), headers=headers, content_type=media_type)


def send_logo(request: HttpRequest, logo: JoiningLogo | OrganisationLogo) -> HttpResponse:
    """The bytes, or 304 to who has them. The caller has asked whether they may be shown."""
    etag = f'"{logo.sha256}"'
    headers = {
        "Content-Disposition": 'inline; filename="logo.png"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": etag,
    }
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    with logo.file.open("rb") as file:
        content = file.read()  # made small when it came in
    return HttpResponse(content, headers=headers, content_type="image/png")


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    """What was made, a piece at a time."""
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
