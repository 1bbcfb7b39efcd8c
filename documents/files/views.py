"""Files sent by nginx on our behalf, after the access check (`X_ACCEL`; deploy/nginx.conf)."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol
from urllib.parse import quote
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.core.files.storage import FileSystemStorage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from documents.drafts.access import access_to_drafts
from documents.drafts.enums import Handling
from documents.drafts.forms import FileDescriptionForm, FileForm
from documents.drafts.permissions import may_create, require_that
from documents.files.actions import delete_file, describe_file, restore_file, upload_file
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.models import StoredFile
from documents.files.permissions import may_change_file, may_open_file, to_file
from documents.files.public_copy import StoredBytes, original_of, public_bytes
from documents.files.queries import files_for

INTERNAL_PREFIX: Final = "/internal/files/"  # internal location of nginx, not reachable from outside


def sendfile_response(
    file: StoredFile, stored: StoredBytes, headers: Mapping[str, str]
) -> HttpResponse | None:
    """Return the response that delegates sending to nginx; None if we send the file ourselves.

    nginx handles ranges and conditional requests, so our headers for them are omitted. Only files
    on the local disk are delegated.
    """
    if not settings.X_ACCEL or not isinstance(stored.file.storage, FileSystemStorage):
        return None
    kept = {name: value for name, value in headers.items() if name not in {"Accept-Ranges", "ETag"}}
    kept["X-Accel-Redirect"] = INTERNAL_PREFIX + quote(str(stored.file.name))
    return HttpResponse(headers=kept, content_type=file.content_type)


# --- download ---
# Download of files, in pieces; the right is checked on every request, also for a range.


_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@member_required
@require_safe
def download_file(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send the file as a download: name and header carry the mark. Supports ranges, for films."""
    _access, found = to_file(request, file)
    return send_file(request, found, inline=False)


@member_required
@require_safe
def file_picture(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send a picture for display on a page. Only pictures, which are re-encoded on upload."""
    _access, found = to_file(request, file, deleted=True)
    return send_file(request, found, inline=found.is_picture)


def marked_name(file: StoredFile) -> str:
    """Return the file's name with its handling mark, so that the mark travels with the file."""
    handling = Handling(file.handling)
    if handling == Handling.PUBLIC:
        return file.name
    stem, dot, ending = file.name.rpartition(".")
    mark = handling.tlp.replace(":", " ")
    return f"{stem} ({mark}){dot}{ending}" if dot else f"{file.name} ({mark})"


def picture_name(file: StoredFile) -> str:
    """Return a picture's name for readers of the text: its own name may reveal the workspace."""
    return f"picture.{file.content_type.rpartition('/')[2]}"


def send_picture(request: HttpRequest, file: StoredFile) -> HttpResponse | StreamingHttpResponse:
    """Send a picture of a text to a reader outside the workspace."""
    return send_file(request, file, inline=True, name=picture_name(file))


def send_in_public(
    request: HttpRequest, file: StoredFile, *, name: str
) -> HttpResponse | StreamingHttpResponse:
    """Send the file without metadata to outsiders. Raises CopyMissing, Refused as `public_bytes`."""
    return send_file(request, file, inline=False, name=name, stored=public_bytes(file))


def send_file(
    request: HttpRequest, file: StoredFile, *, inline: bool, name: str = "", stored: StoredBytes | None = None
) -> HttpResponse | StreamingHttpResponse:
    """Send a file, whole or in part; the caller has checked the right.
    `name`: replaces its own name; `stored`: bytes sent instead of the uploaded ones."""
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
    if handed := sendfile_response(file, stored, headers):
        return handed
    wanted = _parse_range(request, stored.size, etag)
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
    # Checked before the response begins, so that unavailable storage gives an error, not a broken
    # response. Not opened: a client that leaves before the first piece would leave it open.
    stored.file.storage.size(str(stored.file.name))
    pieces = _pieces(stored, first, last - first + 1)
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=file.content_type)


def _parse_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """Return first byte, last byte, and whether that is a part; None if the range lies outside the
    file.

    One range is served; several, or an invalid one, mean the whole file (RFC 9110, 14.2).
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
    """Yield the bytes in pieces, read in a thread, so that no other request waits for the disk."""
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


# --- files ---
# Files of a workspace: list with an upload form, and one file.


ON_A_PAGE = 30


@dataclass(frozen=True)
class FileRow:
    """One file in the list."""

    file: StoredFile
    by: str
    organisation: str
    handling: Handling


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_files(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the files, newest first; POST uploads one."""
    access = access_to_drafts(request, workspace)
    viewer = get_viewer(request)
    form = FileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        access=access,
        viewer=viewer,
    )
    if request.method == "POST":
        require_that(may_create(access), _("Contributors, editors and coordinators share files here."))
        if form.is_valid():
            try:
                file = _upload_from_form(access, form.cleaned_data)
            except Refused as refusal:
                form.add_error("file", refusal.message)
            else:
                messages.success(request, _("The file is there."))
                return redirect(file)
    page = Paginator(files_for(request.user, access.workspace), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "rows": [_file_row(viewer, file) for file in page.object_list],
        "page": page,
        "form": form,
        "may_create": may_create(access),
        "max_bytes": settings.FILE_UPLOAD_MAX_BYTES,
    }
    return form_page(request, "documents/files/list.html", context)


def _upload_from_form(access: Any, sent: dict[str, Any]) -> StoredFile:
    sent_file = sent.pop("file")
    return upload_file(access=access, content=sent_file, size=sent_file.size, name=sent_file.name, **sent)


def _file_row(viewer: Viewer, file: StoredFile) -> FileRow:
    by = person_name(viewer, file.uploaded_by, file.organisation) if file.uploaded_by else ""
    return FileRow(file, by, display_name_for(viewer, file.organisation), Handling(file.handling))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """Render one file with its descriptions; POST changes them."""
    access, found = to_file(request, file)
    edits = may_change_file(access, found)
    form = FileDescriptionForm(
        request.POST or None,
        thing=found,
        viewer=get_viewer(request),
        may_open=may_open_file(access, found),
        initial={
            "alt": found.alt,
            "caption": found.caption,
            "credit": found.credit,
            "handling": found.handling,
        },
    )
    if request.method == "POST":
        require_that(edits, _("Editors, and who brought this file, can change what is said of it."))
        if form.is_valid():
            try:
                describe_file(access=access, file=found, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("handling", refusal.message)
            else:
                messages.success(request, _("Saved."))
                return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "row": _file_row(get_viewer(request), found),
        "file": found,
        "not_cleaned": _cleaning_failure(found),
        "form": form,
        "may_change": edits,
        "handling": Handling(found.handling),
    }
    return form_page(request, "documents/files/file.html", context)


def _cleaning_failure(file: StoredFile) -> str:
    """Return why the file cannot become public, as a sentence; "" if no reason is known."""
    if not file.not_cleaned:
        return ""
    told = {"reason": not_cleaned_reason(file.not_cleaned)}
    return _("This file cannot go out in public, since its metadata cannot be removed. %(reason)s") % told


@member_required
@require_POST
def delete_file_view(request: HttpRequest, file: UUID) -> HttpResponse:
    """Delete a file, with an undo."""
    access, found = to_file(request, file)
    try:
        delete_file(access=access, file=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    visits.offer_undo(
        request, text=_("The file is deleted."), url=reverse("documents:undelete", args=[found.uuid])
    )
    return redirect("documents:files", access.workspace.uuid)


@member_required
@require_POST
def undelete_file_view(request: HttpRequest, file: UUID) -> HttpResponse:
    """Undo a deletion."""
    access, found = to_file(request, file, deleted=True)
    require_that(may_change_file(access, found))
    restore_file(access=access, file=found)
    messages.success(request, _("The file is there again."))
    return redirect(found)


# --- streaming ---
# Download of generated bytes, in pieces: exported texts with their handling mark, and logos.


_PIECE = 256 * 1024


class Logo(Protocol):
    """A logo that was stored with the hash of its bytes."""

    sha256: str
    file: Any


def send_logo(request: HttpRequest, logo: Logo) -> HttpResponse:
    """Send the logo, or 304 if it is cached. The caller has checked that it may be displayed."""
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
        content = file.read()  # scaled down on upload
    return HttpResponse(content, headers=headers, content_type="image/png")


async def stream_pieces(content: bytes) -> AsyncIterator[bytes]:
    """Yield the generated bytes in pieces."""
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
