"""From an address to the thing and the person's access to its workspace; 404 for who may not read it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from coalition.roles import Right
from coalition.workspaces import door
from coalition.workspaces.models import Workspace
from coalition.workspaces.rules import Access
from documents.models import Draft, DraftText, SetAside, StoredFile, Version
from documents.queries.drafts import drafts_for, set_aside_by, texts_of, versions_for
from documents.queries.files import all_files_for, files_for


def reading(request: HttpRequest, workspace: UUID) -> Access:
    """Access to a workspace in which the person may see drafts and files; otherwise Http404."""
    access = door.enter(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    return access


def to_draft(request: HttpRequest, uuid: UUID) -> tuple[Access, Draft]:
    rows = drafts_for(request.user).select_related("workspace", "organisation")
    draft = get_object_or_404(rows, uuid=uuid)
    access = reading(request, draft.workspace.uuid)
    draft.workspace = access.workspace
    return access, draft


def to_text(request: HttpRequest, draft: UUID, language: str) -> tuple[Access, DraftText]:
    access, found = to_draft(request, draft)
    text = get_object_or_404(texts_of(found), language=language)
    text.draft = found
    return access, text


def to_version(request: HttpRequest, uuid: UUID) -> tuple[Access, Version]:
    version = get_object_or_404(versions_for(request.user), uuid=uuid)
    return _enter(request, version.text.draft.workspace), version


def to_set_aside(request: HttpRequest, uuid: UUID) -> tuple[Access, SetAside]:
    """What the person set aside and has not decided about."""
    kept = get_object_or_404(set_aside_by(request.user), uuid=uuid)
    return _enter(request, kept.text.draft.workspace), kept


def to_file(request: HttpRequest, uuid: UUID, *, deleted: bool = False) -> tuple[Access, StoredFile]:
    rows = all_files_for(request.user).select_related("workspace") if deleted else files_for(request.user)
    file = get_object_or_404(rows, uuid=uuid)
    return _enter(request, file.workspace), file


def _enter(request: HttpRequest, workspace: Workspace) -> Access:
    return reading(request, workspace.uuid)
