"""What is done with a thread or a comment: each by one POST, with the undo beside what was done."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.core.errors import Refused
from coalition.workspaces import access as door
from documents.comments.actions.edit import delete_comment, edit_comment, undelete_comment
from documents.comments.actions.post import reply as reply_to
from documents.comments.actions.resolve import reopen as open_again
from documents.comments.actions.resolve import resolve as settle
from documents.comments.models import Comment
from documents.comments.views.panel import address_of, answer, said_in
from documents.drafts.access import to_comment, to_thread


@door.members_only
@require_safe
def thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """To the thread beside its text."""
    _access, found = to_thread(request, thread)
    return redirect(address_of(found.text, found))


@door.members_only
@require_POST
def reply(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Answer in a thread."""
    access, found = to_thread(request, thread)
    try:
        reply_to(access=access, thread=found, said=said_in(request))
    except Refused as refusal:
        typed = {f"reply {found.uuid}": request.POST.get("body", "")}
        return answer(request, found.text, error=str(refusal), typed=typed)
    found.resolved_at = None
    return answer(request, found.text, thread=found, done=_("Your answer is sent."))


@door.members_only
@require_POST
def resolve(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Say that a thread is done."""
    access, found = to_thread(request, thread)
    settle(access=access, thread=found)
    back = reverse("documents:reopen_thread", args=[found.uuid])
    return answer(request, found.text, done=_("The comment is resolved."), back=back)


@door.members_only
@require_POST
def reopen(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Open a thread again."""
    access, found = to_thread(request, thread)
    found = open_again(access=access, thread=found)
    return answer(request, found.text, thread=found, done=_("The comment is open again."))


@door.members_only
@require_POST
def edit(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Put other words in place of one's own."""
    access, found = to_comment(request, comment)
    try:
        edit_comment(access=access, comment=found, said=said_in(request))
    except Refused as refusal:
        typed = {f"edit {found.uuid}": request.POST.get("body", "")}
        return answer(request, found.thread.text, error=str(refusal), typed=typed)
    return answer(request, found.thread.text, thread=found.thread, done=_("Your comment is changed."))


@door.members_only
@require_POST
def delete(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Take back what one wrote."""
    back = reverse("documents:undelete_comment", args=[comment])
    return _move(request, comment, delete_comment, _("Your comment is deleted."), back=back)


@door.members_only
@require_POST
def undelete(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Bring back what one deleted."""
    return _move(request, comment, undelete_comment, _("Your comment is back."))


def _move(
    request: HttpRequest, uuid: UUID, act: Callable[..., Comment], done: str, *, back: str = ""
) -> HttpResponse:
    access, comment = to_comment(request, uuid)
    act(access=access, comment=comment)
    return answer(request, comment.thread.text, thread=comment.thread, done=done, back=back)
