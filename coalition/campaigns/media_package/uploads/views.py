"""Endpoints of tus 1.0.0: create an upload, ask how much is here, send a piece, cancel.

Refusals are plain text in the page's language. The client sends the CSRF token as a header.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.views.access import get_person
from coalition.campaigns.media_package import queries
from coalition.campaigns.media_package.models import FileUpload
from coalition.campaigns.media_package.uploads.actions import (
    UPLOAD_MAX_BYTES,
    TooLarge,
    UploadClosed,
    WrongOffset,
    add_piece,
    begin_upload,
    cancel_upload,
)
from coalition.campaigns.media_package.uploads.assembly import schedule_assembly, try_again
from coalition.campaigns.media_package.uploads.pieces import PieceBroken, PieceTooLarge, receive_piece
from coalition.campaigns.media_package.uploads.protocol import (
    EXTENSIONS,
    PIECE_TYPE,
    VERSION,
    metadata_of,
    number_in,
    speaks_tus,
    tus_response,
)
from coalition.campaigns.media_package.uploads.queries import own_uploads
from coalition.core.errors import Refused
from coalition.core.infra_errors import outage_status
from coalition.http.responses import flash_result
from coalition.workspaces.access import MemberView, get_access, member_required
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.generic_views import document_action

_STATUS: Final[dict[type[Refused], HTTPStatus]] = {
    WrongOffset: HTTPStatus.CONFLICT,
    UploadClosed: HTTPStatus.GONE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    PieceTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    PieceBroken: HTTPStatus.BAD_REQUEST,
}

type TusView = Callable[..., HttpResponse]


def _tus_view(*methods: str) -> Callable[[TusView], MemberView]:
    """Make a view of the protocol: it answers OPTIONS, other methods and versions, and refusals in words."""

    def decorate(view: TusView) -> MemberView:
        @member_required
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: UUID) -> HttpResponse:
            allowed = ", ".join([*methods, "OPTIONS"])
            if request.method == "OPTIONS":
                return tus_response(
                    status=HTTPStatus.NO_CONTENT,
                    Allow=allowed,
                    Tus_Version=VERSION,
                    Tus_Extension=EXTENSIONS,
                    Tus_Max_Size=UPLOAD_MAX_BYTES,
                )
            if request.method not in methods:
                return tus_response(status=HTTPStatus.METHOD_NOT_ALLOWED, Allow=allowed)
            if not speaks_tus(request):
                return tus_response(status=HTTPStatus.PRECONDITION_FAILED, Tus_Version=VERSION)
            try:
                return view(request, **kwargs)
            except NotAllowed as refusal:
                return tus_response(str(refusal), status=HTTPStatus.FORBIDDEN)
            except Refused as refusal:
                return _refused(refusal)

        return answered

    return decorate


def _refused(refusal: Refused) -> HttpResponse:
    status = outage_status(refusal) or _STATUS.get(type(refusal), HTTPStatus.UNPROCESSABLE_ENTITY)
    headers = {"Upload_Offset": refusal.received} if isinstance(refusal, WrongOffset) else {}
    return tus_response(refusal.message, status=status, **headers)


def _to_upload(request: HttpRequest, upload: UUID) -> tuple[Access, FileUpload]:
    """Return the person's access, and one of their own uploads. Raises Http404 for everybody else's."""
    found = get_object_or_404(own_uploads(get_person(request)), uuid=upload)
    return get_access(request, found.item.package.workspace.uuid), found


@_tus_view("POST")
def uploads(request: HttpRequest, item: UUID) -> HttpResponse:
    """Begin an upload of `Upload-Length` bytes; `Upload-Metadata`: filename, format, language."""
    found = get_object_or_404(queries.items_for(request.user), uuid=item)
    access = get_access(request, found.package.workspace.uuid)
    size = number_in(request, "Upload-Length")
    if size is None:
        words = str(_("The size of the file is missing. Reload the page and choose the file again."))
        return tus_response(words, status=HTTPStatus.BAD_REQUEST)
    about = metadata_of(request)
    made = begin_upload(
        access=access,
        item=found,
        name=about.get("filename", ""),
        size=size,
        rendition_format=about.get("format", ""),
        language=about.get("language", ""),
    )
    location = reverse("campaigns:media_upload", args=[made.uuid])
    return tus_response(status=HTTPStatus.CREATED, Location=location, Upload_Offset=0)


@_tus_view("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Say how much of an upload is here (HEAD), take a piece (PATCH), cancel (DELETE)."""
    access, found = _to_upload(request, upload)
    if request.method == "PATCH":
        return _patch(request, access, found)
    if request.method == "DELETE":
        cancel_upload(access=access, upload=found)
        return tus_response(status=HTTPStatus.NO_CONTENT)
    if found.failure:
        return tus_response(status=HTTPStatus.GONE)
    schedule_assembly(found)
    return tus_response(status=HTTPStatus.OK, Upload_Offset=found.received, Upload_Length=found.size)


@document_action(_to_upload)
def upload_again(request: HttpRequest, access: Access, upload: FileUpload) -> HttpResponse:
    """Put an upload together anew that was given up."""
    with flash_result(request, str(_("It is tried again. Look here in a minute."))):
        try_again(access=access, upload=upload)
    return redirect("campaigns:media_item", upload.item.uuid)


def _patch(request: HttpRequest, access: Access, found: FileUpload) -> HttpResponse:
    if request.content_type != PIECE_TYPE:
        words = str(_("A piece of a file was expected. Reload the page and choose the file again."))
        return tus_response(words, status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = number_in(request, "Upload-Offset")
    if offset is None:
        raise PieceBroken(_("It is not said where the piece belongs. Reload the page."))
    if offset != found.received:  # before its bytes are read; judged again under the lock
        raise WrongOffset(found.received)
    piece, size = receive_piece(request, most=found.size - found.received)
    with piece:
        row = add_piece(access=access, upload=found, offset=offset, piece=piece, size=size)
    if row.received == row.size:  # the page is opened anew now
        messages.success(request, _("Everything has arrived. The file is being put together."))
    return tus_response(status=HTTPStatus.NO_CONTENT, Upload_Offset=row.received)
