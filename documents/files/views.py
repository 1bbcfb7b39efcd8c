"""Views of files: list, description, download; nginx may send the bytes (`X_ACCEL`; deploy/nginx.conf)."""

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from copy import copy
from dataclasses import replace
from functools import partial
from typing import IO, Any, Final, Protocol
from urllib.parse import quote
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.core.files.storage import FileSystemStorage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.consent.enums import Place
from coalition.core.errors import Refused
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.forms import FileDescriptionForm, FileForm
from documents.drafts.generic_views import WorkspaceFormView, document_action
from documents.drafts.models import Handling
from documents.drafts.permissions import may_create, require_that
from documents.files.actions import delete_file, describe_file, restore_file, upload_file
from documents.files.consent import FILE, IN_A_TEXT, MEMBERS, SITE, Outlet, may_open
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.models import StoredFile
from documents.files.public_copy import StoredBytes, original_of, public_bytes
from documents.files.queries import files_for, may_change_file, may_open_file, to_any_file, to_file

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
    own = {name: value for name, value in headers.items() if name not in {"Accept-Ranges", "ETag"}}
    own["X-Accel-Redirect"] = INTERNAL_PREFIX + quote(str(stored.file.name))
    return HttpResponse(headers=own, content_type=file.content_type)


_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@member_required
@require_safe
def download_file(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send the file as a download: name and header carry the mark. Supports ranges, for films."""
    _access, found = to_file(request, file)
    return send_file(request, found, inline=False, outlet=MEMBERS)


@member_required
@require_safe
def file_picture(request: HttpRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send a picture for display on a page. Only pictures, which are re-encoded on upload."""
    _access, found = to_any_file(request, file)
    return send_file(request, found, inline=found.is_picture, outlet=MEMBERS)


def marked_name(file: StoredFile) -> str:
    """Return the file's name with its handling mark, so that the mark travels with the file."""
    handling = Handling(file.handling)
    if handling == Handling.PUBLIC:
        return file.name
    stem, dot, ending = file.name.rpartition(".")
    mark = handling.tlp.replace(":", " ")
    return f"{stem} ({mark}){dot}{ending}" if dot else f"{file.name} ({mark})"


def send_picture(
    request: HttpRequest, file: StoredFile, *, language: str = "", to_members: bool = False
) -> HttpResponse | StreamingHttpResponse:
    """Send a picture of a text in a language (default: the active one) to a reader outside the workspace,
    which its own name may reveal. Raises Http404 where consent does not allow it.

    `to_members`: the reader works on the text for an organisation, and may see it before the public may."""
    name = f"picture.{file.content_type.rpartition('/')[2]}"
    outlet = MEMBERS if to_members else replace(IN_A_TEXT, language=language)
    return send_file(request, file, inline=True, name=name, outlet=outlet)


def send_in_public(
    request: HttpRequest, file: StoredFile, *, name: str, place: Place = Place.SITE, language: str = ""
) -> HttpResponse | StreamingHttpResponse:
    """Send the file without metadata to outsiders, as part of a place in a language (default: the active
    one). Raises CopyMissing, Refused as `public_bytes`, and Http404 where consent does not allow it."""
    outlet = Outlet(place, language)
    return send_file(request, file, inline=False, name=name, stored=public_bytes(file), outlet=outlet)


def send_file(
    request: HttpRequest,
    file: StoredFile,
    *,
    inline: bool,
    name: str = "",
    stored: StoredBytes | None = None,
    outlet: Outlet = SITE,
) -> HttpResponse | StreamingHttpResponse:
    """Send a file, whole or in part; the caller has checked the right.
    `name`: replaces its own name; `stored`: bytes sent instead of the uploaded ones.

    Raises Http404 where consent does not allow it. Bytes under consent are never left to nginx nor to a
    cache, and are asked for anew while they are sent: one query for a file under none, else two.
    """
    still_allowed: Callable[[], bool] | None = None
    if outlet.is_watched(file):
        outlet = replace(outlet, language=outlet.language or get_language() or "")
        still_allowed = partial(outlet.may_have, file)
        if not still_allowed():
            raise Http404
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
    if still_allowed is not None:
        headers["Cache-Control"] = "no-store, private"
    elif response := sendfile_response(file, stored, headers):
        return response
    byte_range = _parse_range(request, stored.size, etag)
    if byte_range is None:
        headers["Content-Range"] = f"bytes */{stored.size}"
        return HttpResponse(status=416, headers=headers, content_type=file.content_type)
    first, last, is_part = byte_range
    headers["Content-Length"] = str(last - first + 1)
    if is_part:
        headers["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=file.content_type)
    # Checked before the response begins, so that unavailable storage gives an error, not a broken
    # response. Not opened: a client that leaves before the first piece would leave it open.
    stored.file.storage.size(str(stored.file.name))
    pieces = _pieces(stored, first, last - first + 1, still_allowed)
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=file.content_type)


def _parse_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool] | None:
    """Return first byte, last byte, and whether that is a part; None if the range lies outside the file.

    One range is served; several, or an invalid one, mean the whole file (RFC 9110, 14.2).
    """
    whole = (0, size - 1, False)
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if match is None or (condition is not None and condition != etag):
        return whole
    start, end = match.groups()
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


ASKING_INTERVAL: Final = 1.0  # seconds between two questions whether a file may still be sent


async def _pieces(
    stored: StoredBytes, first: int, length: int, still_allowed: Callable[[], bool] | None = None
) -> AsyncIterator[bytes]:
    """Yield the bytes in pieces, read in a thread, so that no other request waits for the disk.

    `still_allowed` is asked about once a second: if it says no, the answer breaks off.
    """
    asked = time.monotonic()
    storage, name = stored.file.storage, str(stored.file.name)
    content: IO[Any] = await sync_to_async(storage.open, thread_sensitive=False)(name, "rb")
    try:
        await sync_to_async(content.seek, thread_sensitive=False)(first)
        left = length
        while left > 0:
            if still_allowed is not None and time.monotonic() - asked >= ASKING_INTERVAL:
                if not await sync_to_async(still_allowed)():
                    return
                asked = time.monotonic()
            piece = await sync_to_async(content.read, thread_sensitive=False)(min(_CHUNK, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
    finally:
        await sync_to_async(content.close, thread_sensitive=False)()


ON_A_PAGE = 30


def _file_row(viewer: Viewer, file: StoredFile) -> dict[str, Any]:
    """Return a file with the names that the viewer may see."""
    return {
        "file": file,
        "by": person_name(viewer, file.uploaded_by, file.organisation) if file.uploaded_by else "",
        "organisation": display_name_for(viewer, file.organisation),
        "handling": Handling(file.handling),
    }


class WorkspaceFiles(WorkspaceFormView):
    """List the files, newest first; POST uploads one."""

    form_class = FileForm
    template_name = "documents/files/list.html"
    success_message = gettext_lazy("The file is there.")

    def load(self) -> None:
        super().load()
        if self.request.method == "POST":
            refusal = _("Contributors, editors and coordinators share files here.")
            require_that(may_create(self.access), refusal)

    def get_instance(self) -> StoredFile:
        return StoredFile(workspace=self.access.workspace)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": get_viewer(self.request)}

    def save(self, form: FileForm) -> HttpResponse:
        data = form.cleaned_data
        content = data.pop("file")
        file = upload_file(access=self.access, content=content, size=content.size, name=content.name, **data)
        return redirect(file)

    def refused_field(self, form: FileForm, refusal: Refused) -> str:
        return "file"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer, files = get_viewer(self.request), files_for(self.request.user, self.access.workspace)
        page = Paginator(files, ON_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "rows": [_file_row(viewer, file) for file in page.object_list],
            "page": page,
            "may_create": may_create(self.access),
            "max_bytes": settings.FILE_UPLOAD_MAX_BYTES,
        }


class FilePage(WorkspaceFormView):
    """Render one file with its descriptions; POST changes them."""

    form_class = FileDescriptionForm
    template_name = "documents/files/file.html"
    success_message = gettext_lazy("Saved.")

    def load(self) -> None:
        self.access, self.file = to_file(self.request, self.kwargs["file"])
        self.may_change = may_change_file(self.access, self.file)
        if self.request.method == "POST":
            refusal = _("Editors, and who brought this file, can change what is said of it.")
            require_that(self.may_change, refusal)

    def get_instance(self) -> StoredFile:
        return copy(self.file)

    def get_form_kwargs(self) -> dict[str, Any]:
        may_open = may_open_file(self.access, self.file)
        return super().get_form_kwargs() | {"viewer": get_viewer(self.request), "may_open": may_open}

    def save(self, form: FileDescriptionForm) -> None:
        describe_file(access=self.access, file=self.file, **form.cleaned_data)

    def refused_field(self, form: FileDescriptionForm, refusal: Refused) -> str:
        return "handling"

    def get_success_url(self) -> str:
        return self.file.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        not_cleaned = ""
        if self.file.not_cleaned:
            reason = {"reason": not_cleaned_reason(self.file.not_cleaned)}
            sentence = _(
                "This file cannot go out in public, since its metadata cannot be removed. %(reason)s"
            )
            not_cleaned = sentence % reason
        return super().get_context_data(**kwargs) | {
            "row": _file_row(get_viewer(self.request), self.file),
            "file": self.file,
            "not_cleaned": not_cleaned,
            "is_open": may_open(self.file),
            "item_kind": FILE,
            "may_change": self.may_change,
            "handling": Handling(self.file.handling),
        }


@document_action(to_file)
def delete_file_view(request: HttpRequest, access: Access, file: StoredFile) -> HttpResponse:
    """Delete a file, with an undo."""
    delete_file(access=access, file=file)
    undelete = reverse("documents:undelete", args=[file.uuid])
    visits.offer_undo(request, text=_("The file is deleted."), url=undelete)
    return redirect("documents:files", access.workspace.uuid)


@document_action(to_any_file)
def undelete_file_view(request: HttpRequest, access: Access, file: StoredFile) -> None:
    require_that(may_change_file(access, file))
    restore_file(access=access, file=file)
    messages.success(request, _("The file is there again."))


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
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
