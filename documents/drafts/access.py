"""From an address to the thing and the person's access to its workspace; 404 for who may not read it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces.notifications.reading import opened
from coalition.workspaces.rules import Access
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import rounds_for
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.queries import comments_of, threads_for
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import drafts_for, texts_of, versions_for
from documents.files.models import StoredFile
from documents.files.queries import all_files_for, files_for


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
    opened(request, draft.uuid)
    return access, draft


def to_text(request: HttpRequest, draft: UUID, language: str) -> tuple[Access, DraftText]:
    access, found = to_draft(request, draft)
    text = get_object_or_404(texts_of(found), language=language)
    text.draft = found
    opened(request, text.uuid)
    return access, text


def to_version(request: HttpRequest, uuid: UUID) -> tuple[Access, Version]:
    version = get_object_or_404(versions_for(request.user), uuid=uuid)
    opened(request, version.uuid)
    return reading(request, version.text.draft.workspace.uuid), version


def to_file(request: HttpRequest, uuid: UUID, *, deleted: bool = False) -> tuple[Access, StoredFile]:
    rows = all_files_for(request.user).select_related("workspace") if deleted else files_for(request.user)
    file = get_object_or_404(rows, uuid=uuid)
    return reading(request, file.workspace.uuid), file


def to_thread(request: HttpRequest, uuid: UUID) -> tuple[Access, Thread]:
    """A thread that the person may read."""
    thread = get_object_or_404(threads_for(request.user), uuid=uuid)
    return reading(request, thread.text.draft.workspace.uuid), thread


def to_comment(request: HttpRequest, uuid: UUID) -> tuple[Access, Comment]:
    """Something the person wrote, in a thread that they may still read."""
    comment = get_object_or_404(comments_of(request.user), uuid=uuid)
    return reading(request, comment.thread.text.draft.workspace.uuid), comment


def to_legal_reader(request: HttpRequest, uuid: UUID) -> tuple[Access, LegalReader]:
    """A legal reader of a draft that the person may read; who names them is asked by the rule."""
    rows = LegalReader.objects.filter(draft__in=drafts_for(request.user), ended_at=None)
    reader = get_object_or_404(rows.select_related("draft__workspace"), uuid=uuid)
    return reading(request, reader.draft.workspace.uuid), reader


def to_round(request: HttpRequest, uuid: UUID) -> tuple[Access, ApprovalRound]:
    """The round and the person's access, or 404 for whoever may not read the draft."""
    round_ = get_object_or_404(rounds_for(request.user), uuid=uuid)
    opened(request, round_.uuid)
    return reading(request, round_.draft.workspace.uuid), round_
