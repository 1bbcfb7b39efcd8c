"""The files of a workspace: the list with a form to add one, and one file."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.people import name_of
from documents.drafts.access import reading, to_file
from documents.drafts.enums import Handling
from documents.drafts.forms import FileForm, FileWordsForm
from documents.drafts.permissions import may_change_file, may_create, may_open_file, require_that
from documents.files.actions.settings import delete_file, describe_file, take_back_deletion
from documents.files.actions.upload import upload
from documents.files.metadata.reasons import reason
from documents.files.models import StoredFile
from documents.files.queries import files_for

ON_A_PAGE = 30


@dataclass(frozen=True)
class Row:
    """One file of the list."""

    file: StoredFile
    by: str
    organisation: str
    handling: Handling


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The files, newest first; a POST adds one."""
    access = reading(request, workspace)
    viewer = door.viewer(request)
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
                file = _take(access, form.cleaned_data)
            except Refused as refusal:
                form.add_error("file", refusal.message)
            else:
                messages.success(request, _("The file is there."))
                return redirect(file)
    page = Paginator(files_for(request.user, access.workspace), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "rows": [_row(viewer, file) for file in page.object_list],
        "page": page,
        "form": form,
        "may_create": may_create(access),
        "max_bytes": settings.FILE_UPLOAD_MAX_BYTES,
    }
    return form_page(request, "documents/files/list.html", context)


def _take(access: Any, sent: dict[str, Any]) -> StoredFile:
    sent_file = sent.pop("file")
    return upload(access=access, content=sent_file, size=sent_file.size, name=sent_file.name, **sent)


def _row(viewer: Viewer, file: StoredFile) -> Row:
    by = name_of(viewer, file.uploaded_by, file.organisation) if file.uploaded_by else ""
    return Row(file, by, display_name_for(viewer, file.organisation), Handling(file.handling))


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, file: UUID) -> HttpResponse:
    """One file: what it is, what is said of it; a POST changes that."""
    access, found = to_file(request, file)
    edits = may_change_file(access, found)
    form = FileWordsForm(
        request.POST or None,
        thing=found,
        viewer=door.viewer(request),
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
        "row": _row(door.viewer(request), found),
        "file": found,
        "not_cleaned": _not_cleaned(found),
        "form": form,
        "may_change": edits,
        "handling": Handling(found.handling),
    }
    return form_page(request, "documents/files/file.html", context)


def _not_cleaned(file: StoredFile) -> str:
    """Why the file cannot leave in public, in words; "" if nothing is known against it."""
    if not file.not_cleaned:
        return ""
    told = {"reason": reason(file.not_cleaned)}
    return _("This file cannot go out in public, since its metadata cannot be removed. %(reason)s") % told


@door.members_only
@require_POST
def delete(request: HttpRequest, file: UUID) -> HttpResponse:
    """Delete a file, with an undo."""
    access, found = to_file(request, file)
    try:
        delete_file(access=access, file=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    undo.offer(request, text=_("The file is deleted."), url=reverse("documents:undelete", args=[found.uuid]))
    return redirect("documents:files", access.workspace.uuid)


@door.members_only
@require_POST
def undelete(request: HttpRequest, file: UUID) -> HttpResponse:
    """Take a deletion back."""
    access, found = to_file(request, file, deleted=True)
    require_that(may_change_file(access, found))
    take_back_deletion(access=access, file=found)
    messages.success(request, _("The file is there again."))
    return redirect(found)
