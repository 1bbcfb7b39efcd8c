"""Who may say what beside a text: predicates of the person's access and a thing that they may read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.queries import comments_of, threads_for
from documents.drafts.access import access_to_drafts
from documents.drafts.models import Audience, Draft
from documents.drafts.permissions import may_comment, may_edit_text
from documents.drafts.queries import drafts_for


def comment_period_is_over(draft: Draft) -> bool:
    """Whether the draft's comment period has ended."""
    return draft.comments_until is not None and draft.comments_until <= now()


def may_comment_to(access: Access, draft: Draft, audience: str) -> bool:
    """Whether the person may comment to this audience. Once comments are over, only coordinators may write to
    the workspace; comments within an organisation and between a lawyer and the coordinators go on."""
    closed = (
        audience == Audience.WORKSPACE and comment_period_is_over(draft) and not access.may(Right.PUBLISH)
    )
    return may_comment(access, draft) and not closed


def takes_part_in_thread(access: Access, thread: Thread) -> bool:
    """Whether the person takes part in the thread for the organisation they act for now. `queries`
    has decided that they may read it, for any of their seats. Needs `reader` loaded."""
    if thread.audience == Audience.ORGANISATION:
        return thread.organisation_id == access.organisation.pk
    if thread.audience == Audience.LEGAL:
        return access.may(Right.MANAGE) or (thread.reader is not None and is_reader(access, thread.reader))
    return True


def is_reader(access: Access, reader: LegalReader) -> bool:
    """Whether the person acts as this legal reader."""
    named = (reader.person_id, reader.organisation_id)
    return reader.ended_at is None and named == (access.user.pk, access.organisation.pk)


def may_reply(access: Access, thread: Thread) -> bool:
    return takes_part_in_thread(access, thread) and may_comment_to(access, thread.text.draft, thread.audience)


def may_resolve_thread(access: Access, thread: Thread, *, edits: bool) -> bool:
    """Whether the person may resolve the thread: its author, for the organisation it was started
    for, and editors of the text (`edits`); in a narrower thread every participant."""
    if thread.audience != Audience.WORKSPACE:
        return takes_part_in_thread(access, thread)
    return edits or thread.organisation_id == access.organisation.pk


def may_change_resolution(access: Access, thread: Thread) -> bool:
    """Whether the person may resolve a thread or reopen it."""
    draft = thread.text.draft
    return may_comment(access, draft) and may_resolve_thread(
        access, thread, edits=may_edit_text(access, draft)
    )


def is_own_comment(access: Access, comment: Comment) -> bool:
    """Whether the person wrote it, on behalf of the organisation they act for now."""
    return (comment.author_id, comment.organisation_id) == (access.user.pk, access.organisation.pk)


def may_change_comment(access: Access, comment: Comment) -> bool:
    """Whether the person may edit, delete, restore a comment: its author only."""
    return is_own_comment(access, comment) and may_comment(access, comment.thread.text.draft)


# From an address to a thread, comment or legal reader and the access to its workspace; 404 for who may not
# read it.


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
