"""Legal readers without a seat: what a guest says by their link. Whether the link is good, for what and until
when, is decided by the caller; the thread is the guest's and the coordinators'."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from documents.comments import audit
from documents.comments.actions.post import lock
from documents.comments.body import checked, clean_quote
from documents.comments.models import Comment, Thread
from documents.drafts.enums import Audience
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import require_that


@dataclass(frozen=True)
class Guest:
    """Who holds the link: its UUID, and the name that a coordinator gave."""

    uuid: UUID
    name: str


def start_thread_as_guest(*, guest: Guest, text: DraftText, body: str, quote: str = "") -> Thread:
    """Begin a legal thread. Raises Refused for an empty or too long comment, and in the archive."""
    words = checked(body)
    with transaction.atomic():
        draft = (
            Draft.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=text.draft_id)
        )
        _require_in_work(draft)
        text.draft = draft
        thread = Thread.objects.create(
            text=text,
            audience=Audience.LEGAL,
            guest=guest.uuid,
            quote=clean_quote(quote),
            created_at=now(),
        )
        _write(guest, thread, words, "comment.started")
    return thread


def reply_as_guest(*, guest: Guest, thread: Thread, body: str) -> Comment:
    """Answer in the guest's own thread. Raises NotAllowed for another's, Refused as above."""
    words = checked(body)
    with transaction.atomic():
        locked = lock(thread)
        require_that(locked.guest == guest.uuid)
        _require_in_work(locked.text.draft)
        locked.resolved_at = locked.resolved_by = locked.resolved_for = None
        locked.save(update_fields=["resolved_at", "resolved_by", "resolved_for"])
        return _write(guest, locked, words, "comment.replied")


def _write(guest: Guest, thread: Thread, words: str, action: str) -> Comment:
    comment = Comment.objects.create(
        thread=thread, guest=guest.uuid, guest_name=guest.name, body=words, created_at=now()
    )
    audit.keep_of_guest(thread=thread, action=action, comment=comment)
    audit.notify_written(comment=comment, called=[])
    return comment


def _require_in_work(draft: Draft) -> None:
    if draft.archived_at is not None or draft.workspace.archived_at is not None:
        raise Refused(_("This draft is in the archive: it can be read, not changed."))
