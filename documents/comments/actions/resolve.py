"""Saying that a thread is done, and opening it again."""

from django.db import transaction

from coalition.core.clock import now
from coalition.workspaces.rules import Access
from documents.comments import audit
from documents.comments.actions.post import lock
from documents.comments.models import Thread
from documents.drafts.permissions import may_settle, require_that


def resolve(*, access: Access, thread: Thread) -> Thread:
    """Say that what a thread asks for is done. Twice is once. Raises NotAllowed."""
    return _settle(access, thread, resolved=True)


def reopen(*, access: Access, thread: Thread) -> Thread:
    """The undo of `resolve`."""
    return _settle(access, thread, resolved=False)


def _settle(access: Access, thread: Thread, *, resolved: bool) -> Thread:
    with transaction.atomic():
        locked = lock(thread)
        require_that(may_settle(access, locked))
        if (locked.resolved_at is not None) == resolved:
            return locked
        locked.resolved_at = now() if resolved else None
        locked.resolved_by = access.user if resolved else None
        locked.resolved_for = access.organisation if resolved else None
        locked.save(update_fields=["resolved_at", "resolved_by", "resolved_for"])
        word = "resolved" if resolved else "reopened"
        audit.keep(access=access, thread=locked, action=f"comment.{word}")
        audit.tell(access=access, thread=locked, kind=f"comment_{word}")
        if resolved:
            audit.notify_settled(access=access, thread=locked)
    return locked
