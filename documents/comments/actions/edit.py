"""Changing what one wrote beside a text: editing, deleting, and the undo of it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.comments import audit
from documents.comments.actions.post import Said, call, lock, read_for, refuse_when_over
from documents.comments.models import Comment
from documents.drafts.permissions import may_change_comment, require_that


def edit_comment(*, access: Access, comment: Comment, said: Said) -> Comment:
    """Put other words in place of one's own. Nothing is written where nothing changes.

    Who is called for the first time is told. Raises NotAllowed for what somebody else wrote, Refused for a
    deleted comment and as `read_body` does.
    """
    with transaction.atomic():
        locked = _lock(comment)
        require_that(may_change_comment(access, locked))
        refuse_when_over(access, locked.thread.text.draft, locked.thread.audience)
        if locked.deleted_at is not None:
            raise Refused(_("This comment is deleted. Bring it back first."))
        body = read_for(access, locked.thread, said)
        if body.text == locked.body:
            return locked
        before = set(locked.mentions.values_list("person_id", flat=True))
        locked.body, locked.edited_at = body.text, now()
        locked.guest, locked.guest_name = None, ""  # other words than those of a file are the person's own
        locked.save(update_fields=["body", "edited_at", "guest", "guest_name"])
        call(locked, body)
        _keep(access, locked, "comment.edited")
        audit.notify_called(
            comment=locked, people=[seat.person for seat in body.called if seat.person_id not in before]
        )
    return locked


def delete_comment(*, access: Access, comment: Comment) -> Comment:
    """Take back what one wrote: its place stays, its words are shown to nobody. Twice is once."""
    return _move(access, comment, deleted=True)


def undelete_comment(*, access: Access, comment: Comment) -> Comment:
    """The undo of `delete_comment`."""
    return _move(access, comment, deleted=False)


def _move(access: Access, comment: Comment, *, deleted: bool) -> Comment:
    with transaction.atomic():
        locked = _lock(comment)
        require_that(may_change_comment(access, locked))
        if (locked.deleted_at is not None) == deleted:
            return locked
        locked.deleted_at = now() if deleted else None
        locked.save(update_fields=["deleted_at"])
        _keep(access, locked, "comment.deleted" if deleted else "comment.undeleted")
    return locked


def _lock(comment: Comment) -> Comment:
    thread = lock(comment.thread)
    locked = Comment.objects.select_for_update().get(pk=comment.pk)
    locked.thread = thread
    return locked


def _keep(access: Access, comment: Comment, action: str) -> None:
    audit.keep(access=access, thread=comment.thread, action=action, comment=comment)
