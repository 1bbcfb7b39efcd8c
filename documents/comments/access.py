"""From an address to a thread or comment and the access to its workspace; 404 without a right to read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.rules import Access
from documents.comments.models import Comment, Thread
from documents.comments.queries import comments_of, threads_for
from documents.drafts.access import reading


def to_thread(request: HttpRequest, uuid: UUID) -> tuple[Access, Thread]:
    """A thread that the person may read."""
    thread = get_object_or_404(threads_for(request.user), uuid=uuid)
    return reading(request, thread.text.draft.workspace.uuid), thread


def to_comment(request: HttpRequest, uuid: UUID) -> tuple[Access, Comment]:
    """Something the person wrote, in a thread that they may still read."""
    comment = get_object_or_404(comments_of(request.user), uuid=uuid)
    return reading(request, comment.thread.text.draft.workspace.uuid), comment
