"""From an address to a thread, comment or legal reader and the access to its workspace; 404 for who may not
read it."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.permissions import Access
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.queries import comments_of, threads_for
from documents.drafts.access import access_to_drafts
from documents.drafts.queries import drafts_for


def to_thread(request: HttpRequest, uuid: UUID) -> tuple[Access, Thread]:
    """Return a thread that the person may read, and their access."""
    thread = get_object_or_404(threads_for(request.user), uuid=uuid)
    return access_to_drafts(request, thread.text.draft.workspace.uuid), thread


def to_comment(request: HttpRequest, uuid: UUID) -> tuple[Access, Comment]:
    """Return a comment of the person's own in a thread they may still read, and their access."""
    comment = get_object_or_404(comments_of(request.user), uuid=uuid)
    return access_to_drafts(request, comment.thread.text.draft.workspace.uuid), comment


def to_legal_reader(request: HttpRequest, uuid: UUID) -> tuple[Access, LegalReader]:
    """Return a legal reader of a draft the person may read; the action checks who may name them."""
    rows = LegalReader.objects.filter(draft__in=drafts_for(request.user), ended_at=None)
    reader = get_object_or_404(rows.select_related("draft__workspace"), uuid=uuid)
    return access_to_drafts(request, reader.draft.workspace.uuid), reader
