"""Look up an object and the person's access to its workspace; 404 if they may not read it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from coalition.roles import Right
from coalition.workspaces.access import get_access
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import drafts_for, texts_of, versions_for


def access_to_drafts(request: HttpRequest, workspace: UUID) -> Access:
    """Return access to a workspace where the person may see drafts and files; otherwise Http404."""
    access = get_access(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    return access


def to_draft(request: HttpRequest, uuid: UUID) -> tuple[Access, Draft]:
    rows = drafts_for(request.user).select_related("workspace", "organisation")
    draft = get_object_or_404(rows, uuid=uuid)
    access = access_to_drafts(request, draft.workspace.uuid)
    draft.workspace = access.workspace
    mark_subjects_read(request, draft.uuid)
    return access, draft


def to_text(request: HttpRequest, draft: UUID, language: str) -> tuple[Access, DraftText]:
    access, found = to_draft(request, draft)
    text = get_object_or_404(texts_of(found), language=language)
    text.draft = found
    mark_subjects_read(request, text.uuid)
    return access, text


def to_version(request: HttpRequest, uuid: UUID) -> tuple[Access, Version]:
    version = get_object_or_404(versions_for(request.user), uuid=uuid)
    mark_subjects_read(request, version.uuid)
    return access_to_drafts(request, version.text.draft.workspace.uuid), version
