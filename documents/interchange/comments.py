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
from documents.comments.actions import InFile, Said, reply, resolve, start_thread
from documents.comments.body import clean, in_words
from documents.comments.models import LONGEST_COMMENT, Comment, Thread
from documents.comments.permissions import may_say_to, may_settle
from documents.comments.queries import author_stays, threads_for, with_comments
from documents.drafts.enums import Audience
from documents.drafts.models import Draft, DraftText
from documents.interchange.reader.metadata import FileComment
from documents.interchange.suggest.apply import IncomingThread


@dataclass(frozen=True)
class ExportedComment:
    """One comment in plain words; `author` is empty if the person has left, or is known by a file alone: the
    organisation said it."""

    id: str
    author: str
    organisation: str
    at: datetime.datetime
    body: str


@dataclass(frozen=True)
class ExportedThread:
    """`id` is that of the mark in the document; the first comment began the thread."""

    id: str
    quote: str
    resolved: bool
    comments: tuple[ExportedComment, ...]


def threads_to_export(user: object, text: DraftText, *, viewer: Viewer | None = None) -> list[ExportedThread]:
    """Threads of a text for the whole workspace that the person may read, oldest first, without what was
    deleted. `viewer`: to whom the names are told, if the file is for somebody else. Names are in the language
    of the text. Three queries and those of the viewer, whatever the number of threads."""
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
                _exported(comment, viewer) for comment in thread.comments.all() if comment.deleted_at is None
            ),
        )
        for thread in with_comments(rows)
    ]


def _exported(comment: Comment, viewer: Viewer) -> ExportedComment:
    organisation = comment.organisation
    told = author_stays(comment) and not comment.is_from_file
    return ExportedComment(
        id=str(comment.uuid),
        author=person_name(viewer, comment.author, organisation) if comment.author and told else "",
        organisation=display_name_for(viewer, organisation) if organisation is not None else "",
        at=comment.created_at,
        body=in_words(comment.body, comment.mentions.all(), viewer),
    )


# --- comments ---
# New comments of a file become threads for the workspace, and answers in threads that are there.


_CALL = re.compile(r"(?<![\w.@])@")


def comments_that_come(access: Access, draft: Draft, threads: Sequence[IncomingThread]) -> list[FileComment]:
    """The comments of the file that the person may bring in."""
    if not may_say_to(access, draft, Audience.WORKSPACE):
        return []
    return [comment for one in threads for comment in one.comments]


def threads_to_resolve(
    access: Access, text: DraftText, ids: Collection[str]
) -> tuple[list[Thread], list[Thread]]:
    """Of threads that were resolved in a file, by their ids, those that are open here: which the person may
    resolve, and which not."""
    if not ids:
        return [], []
    rows = threads_for(access.user, text).filter(uuid__in=ids, audience=Audience.WORKSPACE, resolved_at=None)
    may: list[Thread] = []
    may_not: list[Thread] = []
    for thread in rows:
        (may if may_settle(access, thread) else may_not).append(thread)
    return may, may_not


def resolve_threads(access: Access, text: DraftText, ids: Collection[str]) -> list[str]:
    """Resolve, as the person, what they may resolve of threads that were resolved in a file. Returns the ids
    of those."""
    may, _may_not = threads_to_resolve(access, text, ids)
    for thread in may:
        resolve(access=access, thread=thread)
    return [str(thread.uuid) for thread in may]


def comments_left_out(access: Access, draft: Draft, threads: Sequence[IncomingThread]) -> dict[str, int]:
    """How many comments do not come in, or not wholly, by the codes of `reasons.py`."""
    every = [comment for one in threads for comment in one.comments]
    coming = comments_that_come(access, draft, threads)
    cut = sum(len(_words(comment)) > LONGEST_COMMENT for comment in coming)
    return {"comments_closed": len(every) - len(coming), "comments_cut": cut}


def bring_comments(
    *,
    access: Access,
    text: DraftText,
    threads: Sequence[IncomingThread],
    quote_of: Callable[[int], str],
    author_of: Callable[[str], InFile | None],
) -> dict[int, str]:
    """Write the comments of a file beside the text.

    `quote_of`: the words that a comment of the file is about, by its number; `author_of`: whose it is, by the
    name in the file. Returns the id of each thread by the number of the comment that it hangs on; nothing if
    the person may not comment. Raises as `start_thread` does.
    """
    if not may_say_to(access, text.draft, Audience.WORKSPACE):
        return {}
    ids = [one.thread for one in threads if one.thread]
    there = {
        str(thread.uuid): thread
        for thread in threads_for(access.user, text).filter(uuid__in=ids, audience=Audience.WORKSPACE)
    }
    return {
        one.number: str(_bring(access, text, one, there.get(one.thread), quote_of, author_of).uuid)
        for one in threads
    }


def _bring(
    access: Access,
    text: DraftText,
    incoming: IncomingThread,
    thread: Thread | None,
    quote_of: Callable[[int], str],
    author_of: Callable[[str], InFile | None],
) -> Thread:
    for comment in incoming.comments:
        said = Said(_words(comment)[:LONGEST_COMMENT] or "…", in_file=author_of(comment.author))
        if thread is None:
            thread = start_thread(
                access=access,
                text=text,
                audience=Audience.WORKSPACE,
                said=said,
                quote=quote_of(incoming.number),
            )
        else:
            reply(access=access, thread=thread, said=said)
    assert thread is not None  # noqa: S101  an incoming thread has a comment
    return resolve(access=access, thread=thread) if incoming.resolved else thread


def _words(comment: FileComment) -> str:
    """Nobody is called by a file."""
    return clean(_CALL.sub("", comment.words))
