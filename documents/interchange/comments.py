"""Comments of files: threads for the workspace, and no others, leave with a file; new comments come in."""

import datetime
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation

from coalition.accounts.naming import Viewer, display_name_for, viewer_for
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.comments.actions import (
    CommentInput,
    FileCommentAuthor,
    reply_in_thread,
    resolve_thread,
    start_thread,
)
from documents.comments.body import clean_comment, comment_text
from documents.comments.models import LONGEST_COMMENT, Comment, Thread
from documents.comments.permissions import may_change_resolution, may_comment_to
from documents.comments.queries import author_stays, threads_for, with_comments
from documents.drafts.enums import Audience
from documents.drafts.models import Draft, DraftText
from documents.interchange.reader.document import FileComment
from documents.interchange.suggest.apply import IncomingThread


@dataclass(frozen=True)
class ExportedComment:
    """One comment in plain text. `author` is empty if the person has left or is known only by a
    file: the comment is then the organisation's."""

    id: str
    author: str
    organisation: str
    at: datetime.datetime
    body: str


@dataclass(frozen=True)
class ExportedThread:
    """A thread. `id` is that of the mark in the document; the first comment started the thread."""

    id: str
    quote: str
    resolved: bool
    comments: tuple[ExportedComment, ...]


def threads_to_export(user: object, text: DraftText, *, viewer: Viewer | None = None) -> list[ExportedThread]:
    """Return the workspace threads of a text that the person may read, oldest first.

    Deleted comments are omitted. `viewer`: the reader that names are disclosed to, if the file is
    for somebody else. Names are in the language of the text. Three queries and those of the
    viewer, for any number of threads.
    """
    viewer = viewer or viewer_for(user)
    rows = threads_for(user, text).filter(audience=Audience.WORKSPACE)
    with translation.override(text.language):
        return _exported_threads(rows, viewer)


def _exported_threads(rows: QuerySet[Thread], viewer: Viewer) -> list[ExportedThread]:
    return [
        ExportedThread(
            id=str(thread.uuid),
            quote=thread.quote,
            resolved=thread.resolved_at is not None,
            comments=tuple(
                _exported_comment(comment, viewer)
                for comment in thread.comments.all()
                if comment.deleted_at is None
            ),
        )
        for thread in with_comments(rows)
    ]


def _exported_comment(comment: Comment, viewer: Viewer) -> ExportedComment:
    organisation = comment.organisation
    told = author_stays(comment) and not comment.is_from_file
    return ExportedComment(
        id=str(comment.uuid),
        author=person_name(viewer, comment.author, organisation) if comment.author and told else "",
        organisation=display_name_for(viewer, organisation) if organisation is not None else "",
        at=comment.created_at,
        body=comment_text(comment.body, comment.mentions.all(), viewer),
    )


# --- comments ---
# Import of a file's new comments as workspace threads, or as answers in existing threads.


_CALL = re.compile(r"(?<![\w.@])@")


def comments_to_import(access: Access, draft: Draft, threads: Sequence[IncomingThread]) -> list[FileComment]:
    """Return the comments of the file that the person may import."""
    if not may_comment_to(access, draft, Audience.WORKSPACE):
        return []
    return [comment for one in threads for comment in one.comments]


def threads_to_resolve(
    access: Access, text: DraftText, ids: Collection[str]
) -> tuple[list[Thread], list[Thread]]:
    """Return the open threads among those resolved in a file: those the person may resolve, and the
    others."""
    if not ids:
        return [], []
    rows = threads_for(access.user, text).filter(uuid__in=ids, audience=Audience.WORKSPACE, resolved_at=None)
    may: list[Thread] = []
    may_not: list[Thread] = []
    for thread in rows:
        (may if may_change_resolution(access, thread) else may_not).append(thread)
    return may, may_not


def resolve_threads(access: Access, text: DraftText, ids: Collection[str]) -> list[str]:
    """Resolve, as the person, the threads resolved in a file that they may resolve. Return their
    ids."""
    may, _may_not = threads_to_resolve(access, text, ids)
    for thread in may:
        resolve_thread(access=access, thread=thread)
    return [str(thread.uuid) for thread in may]


def comments_left_out(access: Access, draft: Draft, threads: Sequence[IncomingThread]) -> dict[str, int]:
    """Count the comments that are not or only partly imported, by the codes of `reasons.py`."""
    every = [comment for one in threads for comment in one.comments]
    coming = comments_to_import(access, draft, threads)
    cut = sum(len(_words(comment)) > LONGEST_COMMENT for comment in coming)
    return {"comments_closed": len(every) - len(coming), "comments_cut": cut}


def import_comments(
    *,
    access: Access,
    text: DraftText,
    threads: Sequence[IncomingThread],
    quote_of: Callable[[int], str],
    author_of: Callable[[str], FileCommentAuthor | None],
) -> dict[int, str]:
    """Create threads on the text from the comments of a file.

    `quote_of` returns the words that a comment is about, by its number; `author_of` its author, by
    the name in the file. Returns the id of each thread by the number of its first comment in the
    file; nothing if the person may not comment. Raises as `start_thread` does.
    """
    if not may_comment_to(access, text.draft, Audience.WORKSPACE):
        return {}
    ids = [one.thread for one in threads if one.thread]
    there = {
        str(thread.uuid): thread
        for thread in threads_for(access.user, text).filter(uuid__in=ids, audience=Audience.WORKSPACE)
    }
    return {
        one.number: str(_import_thread(access, text, one, there.get(one.thread), quote_of, author_of).uuid)
        for one in threads
    }


def _import_thread(
    access: Access,
    text: DraftText,
    incoming: IncomingThread,
    thread: Thread | None,
    quote_of: Callable[[int], str],
    author_of: Callable[[str], FileCommentAuthor | None],
) -> Thread:
    for comment in incoming.comments:
        said = CommentInput(_words(comment)[:LONGEST_COMMENT] or "…", in_file=author_of(comment.author))
        if thread is None:
            thread = start_thread(
                access=access,
                text=text,
                audience=Audience.WORKSPACE,
                said=said,
                quote=quote_of(incoming.number),
            )
        else:
            reply_in_thread(access=access, thread=thread, said=said)
    assert thread is not None  # noqa: S101  an incoming thread has a comment
    return resolve_thread(access=access, thread=thread) if incoming.resolved else thread


def _words(comment: FileComment) -> str:
    """Remove mentions: a file notifies nobody."""
    return clean_comment(_CALL.sub("", comment.words))
