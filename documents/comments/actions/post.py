"""Saying something beside a text: beginning a thread, answering in one."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.queries import seats_in
from coalition.workspaces.rules import Access
from documents.comments import audit
from documents.comments.body import Body, clean_quote, read_body
from documents.comments.models import Comment, LegalReader, Mention, Thread
from documents.comments.queries import seats_in_thread
from documents.drafts.enums import Audience
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import (
    is_reader,
    may_comment,
    may_name_legal_reader,
    may_reply,
    may_say_to,
    require_that,
)

LARGEST_POSITION = 1000  # characters of JSON: two relative positions take about 200
type Position = list[dict[str, Any]]


@dataclass(frozen=True)
class InFile:
    """Whose words they are by a file that was taken in: the file, and the name as far as it may be kept."""

    file: UUID
    name: str


@dataclass(frozen=True)
class Said:
    """What a person wrote: `chosen` are the people picked where several have one name. `in_file`: they bring
    the words of somebody else, who is known by a file alone."""

    body: str
    chosen: Collection[UUID] = ()
    in_file: InFile | None = None


def start_thread(
    *,
    access: Access,
    text: DraftText,
    audience: Audience,
    said: Said,
    quote: str = "",
    position: Position | None = None,
    reader: LegalReader | None = None,
) -> Thread:
    """Begin a thread on a text, or on the words of it in `quote`.

    `reader`: whose legal thread it is; the reader begins their own, coordinators one with them. A position
    is kept for a narrower audience only: in a thread for the workspace the mark in the document is the
    place. Raises NotAllowed without the right; Refused for the workspace once comments are over, and as
    `read_body` does.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        text.draft = draft
        refuse_when_over(access, draft, audience)
        require_that(may_comment(access, draft))
        if audience == Audience.LEGAL:
            _require_reader(access, draft, reader)
        thread = Thread(
            text=text,
            audience=audience,
            organisation=access.organisation,
            reader=reader if audience == Audience.LEGAL else None,
            quote=clean_quote(quote),
            position=None if audience == Audience.WORKSPACE else _checked(position),
            created_by=access.user,
            created_at=now(),
        )
        body = read_for(access, thread, said)
        thread.save()
        comment = _write(access, thread, body, said.in_file)
        audit.keep(access=access, thread=thread, action="comment.started", comment=comment)
        audit.tell(access=access, thread=thread, kind="comment_written")
        audit.notify_written(comment=comment, called=[seat.person for seat in body.called])
    return thread


def reply(*, access: Access, thread: Thread, said: Said) -> Comment:
    """Answer in a thread that the person may read; an answer opens a resolved one again.

    Raises NotAllowed if they do not take part in it, Refused as `read_body` does.
    """
    with transaction.atomic():
        locked = lock(thread)
        refuse_when_over(access, locked.text.draft, locked.audience)
        require_that(may_reply(access, locked))
        body = read_for(access, locked, said)
        locked.resolved_at = locked.resolved_by = locked.resolved_for = None
        locked.save(update_fields=["resolved_at", "resolved_by", "resolved_for"])
        comment = _write(access, locked, body, said.in_file)
        audit.keep(access=access, thread=locked, action="comment.replied", comment=comment)
        audit.tell(access=access, thread=locked, kind="comment_answered")
        audit.notify_written(comment=comment, called=[seat.person for seat in body.called])
    return comment


def refuse_when_over(access: Access, draft: Draft, audience: str) -> None:
    """Raise Refused where the person could comment, if comments were not over for this audience."""
    if may_comment(access, draft) and not may_say_to(access, draft, audience):
        raise Refused(
            _("Comments on this text are over. You can still write to your own organisation beside it.")
        )


def lock(thread: Thread) -> Thread:
    """The thread as it stands, with its draft locked: nobody archives or restricts it meanwhile."""
    draft = Draft.objects.select_for_update().get(pk=thread.text.draft_id)
    rows = Thread.objects.select_for_update(of=("self",)).select_related("text", "organisation", "reader")
    locked = rows.get(pk=thread.pk)
    draft.workspace = thread.text.draft.workspace
    locked.text.draft = draft
    return locked


def read_for(access: Access, thread: Thread, said: Said) -> Body:
    """What was typed into the thread, with the people called in it."""
    everyone = list(seats_in(access.workspace))
    readers = set(seats_in_thread(thread).values_list("person_id", flat=True))
    return read_body(
        said.body,
        viewer=viewer_for(access.user),
        everyone=everyone,
        readers=readers,
        chosen=said.chosen,
    )


def call(comment: Comment, body: Body) -> None:
    """Keep who is called in the comment."""
    comment.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(comment=comment, person=seat.person, organisation=seat.organisation) for seat in body.called
    )


def _write(access: Access, thread: Thread, body: Body, in_file: InFile | None = None) -> Comment:
    comment = Comment.objects.create(
        thread=thread,
        author=access.user,
        organisation=access.organisation,
        guest=in_file.file if in_file else None,
        guest_name=in_file.name if in_file else "",
        body=body.text,
        created_at=now(),
    )
    call(comment, body)
    return comment


def _require_reader(access: Access, draft: Draft, reader: LegalReader | None) -> None:
    """A legal thread is between a reader of this very draft, named now, and its coordinators."""
    known = reader is not None and reader.draft_id == draft.pk and reader.ended_at is None
    if reader is None or not known:
        raise Refused(_("Nobody is named as the legal reader of this draft."))
    require_that(is_reader(access, reader) or may_name_legal_reader(access, draft))


def _checked(position: Position | None) -> Position | None:
    """The browser's two ends of the selection, or nothing if it is not that."""
    if position is None or len(position) != 2 or not all(isinstance(end, dict) for end in position):
        return None
    return position if len(json.dumps(position)) <= LARGEST_POSITION else None
