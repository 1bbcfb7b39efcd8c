"""Comments on a text: start a thread, reply, edit, delete, resolve."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.comments import notifications
from documents.comments.body import clean_quote, read_body, validate_comment
from documents.comments.models import Comment, LegalReader, Mention, Thread
from documents.comments.permissions import (
    is_reader,
    may_change_comment,
    may_change_resolution,
    may_comment_to,
    may_reply,
)
from documents.drafts import audit as drafts_audit
from documents.drafts.models import Audience, Draft, DraftText
from documents.drafts.permissions import may_comment, may_name_legal_reader, require_that
from documents.drafts.queries import seats_reading

LARGEST_POSITION = 1000  # characters of JSON: two relative positions take about 200
type Position = list[dict[str, Any]]


@dataclass(frozen=True)
class CommentGuest:
    """An author without an account: the UUID of their guest link or of the imported file that names them, and
    the name as far as it may be stored."""

    uuid: UUID
    name: str


def start_thread(
    *,
    access: Access,
    text: DraftText,
    audience: Audience,
    body: str,
    chosen: Collection[UUID] = (),
    file_author: CommentGuest | None = None,
    quote: str = "",
    position: Position | None = None,
    reader: LegalReader | None = None,
) -> Thread:
    """Start a thread on a text, or on the quoted words `quote` in it.

    `chosen`: the people picked where several share a name. `file_author`: set when the person imports the
    words of somebody else, who is known only from a file. `reader`: the legal reader of a legal thread;
    started by the reader or, with them, by a coordinator. `position` is stored only for audiences narrower
    than the workspace: a workspace thread is located by its mark in the document. Raises NotAllowed without
    the right; Refused for the workspace once comments are over, and as `read_body` does.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        text.draft = draft
        refuse_after_comment_period(access, draft, audience)
        require_that(may_comment(access, draft))
        if audience == Audience.LEGAL:
            if reader is None or reader.draft_id != draft.pk or reader.ended_at is not None:
                raise Refused(_("Nobody is named as the legal reader of this draft."))
            require_that(is_reader(access, reader) or may_name_legal_reader(access, draft))
        thread = Thread(
            text=text,
            audience=audience,
            organisation=access.organisation,
            reader=reader if audience == Audience.LEGAL else None,
            quote=clean_quote(quote),
            position=None if audience == Audience.WORKSPACE else _valid_position(position),
            created_by=access.user,
            created_at=now(),
        )
        stored, mentioned = read_body(body, access=access, thread=thread, chosen=chosen)
        thread.save()
        comment = _write_comment(access, thread, stored, mentioned, file_author)
        notifications.record_comment_event(
            access=access, thread=thread, action="comment.started", comment=comment
        )
        notifications.record_thread_activity(access=access, thread=thread, kind="comment_written")
    return thread


def reply_in_thread(
    *,
    access: Access,
    thread: Thread,
    body: str,
    chosen: Collection[UUID] = (),
    file_author: CommentGuest | None = None,
) -> Comment:
    """Reply in a thread that the person may read; a reply reopens a resolved thread.

    `chosen`, `file_author`: see `start_thread`. Raises NotAllowed if they do not take part in it, Refused as
    `read_body` does.
    """
    with transaction.atomic():
        locked = lock_thread(thread)
        refuse_after_comment_period(access, locked.text.draft, locked.audience)
        require_that(may_reply(access, locked))
        stored, mentioned = read_body(body, access=access, thread=locked, chosen=chosen)
        _store_resolution(locked, None)
        comment = _write_comment(access, locked, stored, mentioned, file_author)
        notifications.record_comment_event(
            access=access, thread=locked, action="comment.replied", comment=comment
        )
        notifications.record_thread_activity(access=access, thread=locked, kind="comment_answered")
    return comment


def refuse_after_comment_period(access: Access, draft: Draft, audience: str) -> None:
    """Raise Refused if the person could comment, but comments are over for this audience."""
    if may_comment(access, draft) and not may_comment_to(access, draft, audience):
        raise Refused(
            _("Comments on this text are over. You can still write to your own organisation beside it.")
        )


def lock_thread(thread: Thread) -> Thread:
    """Return the current thread with its draft locked against archiving and restricting."""
    draft = Draft.objects.select_for_update().get(pk=thread.text.draft_id)
    rows = Thread.objects.select_for_update(of=("self",)).select_related("text", "organisation", "reader")
    locked = rows.get(pk=thread.pk)
    draft.workspace = thread.text.draft.workspace
    locked.text.draft = draft
    return locked


def _store_mentions(comment: Comment, mentioned: Iterable[Seat]) -> None:
    comment.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(comment=comment, person=seat.person, organisation=seat.organisation) for seat in mentioned
    )


def _write_comment(
    access: Access, thread: Thread, body: str, mentioned: Sequence[Seat], file_author: CommentGuest | None
) -> Comment:
    """Store a comment with its mentions and notify the people concerned."""
    comment = Comment.objects.create(
        thread=thread,
        author=access.user,
        organisation=access.organisation,
        guest=file_author.uuid if file_author else None,
        guest_name=file_author.name if file_author else "",
        body=body,
        created_at=now(),
    )
    _store_mentions(comment, mentioned)
    notifications.notify_written(comment=comment, mentioned=[seat.person for seat in mentioned])
    return comment


def _valid_position(position: Position | None) -> Position | None:
    """Return the two ends of the browser's selection, or None if the value is not a selection."""
    if position is None or len(position) != 2 or not all(isinstance(end, dict) for end in position):
        return None
    return position if len(json.dumps(position)) <= LARGEST_POSITION else None


# Comments of legal readers without a seat, through their guest link. The caller checks that the
# link is valid, for what and until when; the thread is visible to the guest and the
# coordinators.


def start_thread_as_guest(*, guest: CommentGuest, text: DraftText, body: str, quote: str = "") -> Thread:
    """Start a legal thread. Raises Refused for an empty or too long comment, and in the archive."""
    stored = validate_comment(body)
    with transaction.atomic():
        drafts = Draft.objects.select_for_update(of=("self",)).select_related("workspace")
        draft = drafts.get(pk=text.draft_id)
        _require_active_draft(draft)
        text.draft = draft
        thread = Thread.objects.create(
            text=text,
            audience=Audience.LEGAL,
            guest=guest.uuid,
            quote=clean_quote(quote),
            created_at=now(),
        )
        _write_by_guest(guest, thread, stored, "comment.started")
    return thread


def reply_as_guest(*, guest: CommentGuest, thread: Thread, body: str) -> Comment:
    """Reply in the guest's own thread. Raises NotAllowed for another's, Refused as above."""
    stored = validate_comment(body)
    with transaction.atomic():
        locked = lock_thread(thread)
        require_that(locked.guest == guest.uuid)
        _require_active_draft(locked.text.draft)
        _store_resolution(locked, None)
        return _write_by_guest(guest, locked, stored, "comment.replied")


def _write_by_guest(guest: CommentGuest, thread: Thread, body: str, action: str) -> Comment:
    comment = Comment.objects.create(
        thread=thread, guest=guest.uuid, guest_name=guest.name, body=body, created_at=now()
    )
    notifications.record_guest_comment_event(thread=thread, action=action, comment=comment)
    notifications.notify_written(comment=comment, mentioned=[])
    return comment


def _require_active_draft(draft: Draft) -> None:
    if draft.archived_at is not None or draft.workspace.archived_at is not None:
        raise Refused(_("This draft is in the archive: it can be read, not changed."))


def edit_comment(*, access: Access, comment: Comment, body: str, chosen: Collection[UUID] = ()) -> Comment:
    """Replace the words of one's own comment. Nothing is written if nothing changes.

    Notifies people mentioned for the first time. Raises NotAllowed for somebody else's comment,
    Refused for a deleted comment and as `read_body` does.
    """
    with transaction.atomic():
        locked = _lock_comment(comment)
        require_that(may_change_comment(access, locked))
        refuse_after_comment_period(access, locked.thread.text.draft, locked.thread.audience)
        if locked.deleted_at is not None:
            raise Refused(_("This comment is deleted. Bring it back first."))
        stored, mentioned = read_body(body, access=access, thread=locked.thread, chosen=chosen)
        if stored == locked.body:
            return locked
        before = set(locked.mentions.values_list("person_id", flat=True))
        locked.body, locked.edited_at = stored, now()
        locked.guest, locked.guest_name = None, ""  # edited words are the person's own, no longer the file's
        locked.save(update_fields=["body", "edited_at", "guest", "guest_name"])
        _store_mentions(locked, mentioned)
        notifications.record_comment_event(
            access=access, thread=locked.thread, action="comment.edited", comment=locked
        )
        new = [seat.person for seat in mentioned if seat.person_id not in before]
        notifications.notify_mentioned(comment=locked, people=new)
    return locked


def delete_comment(*, access: Access, comment: Comment) -> Comment:
    """Delete one's own comment: its place stays, its words are hidden from everyone. Idempotent."""
    return _set_deleted(access, comment, deleted=True)


def undelete_comment(*, access: Access, comment: Comment) -> Comment:
    """Undo `delete_comment`."""
    return _set_deleted(access, comment, deleted=False)


def _set_deleted(access: Access, comment: Comment, *, deleted: bool) -> Comment:
    with transaction.atomic():
        locked = _lock_comment(comment)
        require_that(may_change_comment(access, locked))
        if (locked.deleted_at is not None) == deleted:
            return locked
        locked.deleted_at = now() if deleted else None
        locked.save(update_fields=["deleted_at"])
        action = "comment.deleted" if deleted else "comment.undeleted"
        notifications.record_comment_event(access=access, thread=locked.thread, action=action, comment=locked)
    return locked


def _lock_comment(comment: Comment) -> Comment:
    thread = lock_thread(comment.thread)
    locked = Comment.objects.select_for_update().get(pk=comment.pk)
    locked.thread = thread
    return locked


def resolve_thread(*, access: Access, thread: Thread) -> Thread:
    """Mark a thread as resolved. Idempotent. Raises NotAllowed."""
    return _set_resolved(access, thread, resolved=True)


def reopen_thread(*, access: Access, thread: Thread) -> Thread:
    """Undo `resolve_thread`. Idempotent. Raises NotAllowed."""
    return _set_resolved(access, thread, resolved=False)


def _set_resolved(access: Access, thread: Thread, *, resolved: bool) -> Thread:
    with transaction.atomic():
        locked = lock_thread(thread)
        require_that(may_change_resolution(access, locked))
        if (locked.resolved_at is not None) == resolved:
            return locked
        _store_resolution(locked, access if resolved else None)
        word = "resolved" if resolved else "reopened"
        notifications.record_comment_event(access=access, thread=locked, action=f"comment.{word}")
        notifications.record_thread_activity(access=access, thread=locked, kind=f"comment_{word}")
        if resolved:
            notifications.notify_resolved(access=access, thread=locked)
    return locked


def _store_resolution(thread: Thread, access: Access | None) -> None:
    thread.resolved_at = now() if access else None
    thread.resolved_by = access.user if access else None
    thread.resolved_for = access.organisation if access else None
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_for"])


def name_legal_reader(*, access: Access, draft: Draft, seat: Seat) -> LegalReader:
    """Name a person, by the seat they read with, as a legal reader. Naming them again reactivates the row.

    Raises NotAllowed without the right, Refused if the person cannot read and comment on the draft.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(may_name_legal_reader(access, locked))
        comments = Right.COMMENT in RIGHTS[SeatRole(seat.role)]
        if not (comments and seats_reading(locked).filter(pk=seat.pk).exists()):
            raise Refused(
                _("This person cannot read the draft and comment on it, so they cannot be its lawyer.")
            )
        reader: dict[str, Any] = {"draft": locked, "person": seat.person, "organisation": seat.organisation}
        if current := LegalReader.objects.filter(ended_at=None, **reader).first():
            return current
        naming = {"named_by": access.user, "named_at": now(), "ended_at": None}
        row, _made = LegalReader.objects.update_or_create(**reader, defaults=naming)
        drafts_audit.record_document_audit(
            thing=locked, access=access, action="legal_reader.named", **_describe_reader(row)
        )
        notify(
            people=[seat.person],
            kind="legal_reader_named",
            workspace=access.workspace,
            actor=access.user,
            organisation=access.organisation,
            subject_kind="legal_reader",
            subject=row.uuid,
        )
    return row


def end_legal_reader(*, access: Access, reader: LegalReader) -> LegalReader:
    """End the naming: the reader no longer sees the threads; coordinators do. Idempotent."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=reader.draft_id)
        require_that(may_name_legal_reader(access, draft))
        rows = LegalReader.objects.select_for_update(of=("self",)).select_related("person", "organisation")
        row = rows.get(pk=reader.pk)
        if row.ended_at is None:
            row.ended_at = now()
            row.save(update_fields=["ended_at"])
            drafts_audit.record_document_audit(
                thing=draft, access=access, action="legal_reader.ended", **_describe_reader(row)
            )
            # Stop live updates of the threads on their open pages at once.
            live_push.recheck_sockets(
                user_ids=[row.person_id] if row.person_id else [], reason="legal reader ended"
            )
    return row


def _describe_reader(row: LegalReader) -> dict[str, str]:
    person = {"person": str(row.person.uuid)} if row.person is not None else {}
    return {**person, "person_for": str(row.organisation.uuid)}
