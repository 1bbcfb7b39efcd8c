"""Comments of files: threads for the workspace, and no others, leave with a file; new comments come in."""

import re
from collections.abc import Callable, Collection, Sequence

from django.utils import translation

from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.canonical.form import Json
from documents.comments.actions import CommentGuest, reply_in_thread, resolve_thread, start_thread
from documents.comments.body import clean_comment, comment_text
from documents.comments.models import LONGEST_COMMENT, Comment, Thread
from documents.comments.permissions import may_change_resolution, may_comment_to
from documents.comments.queries import author_stays, threads_for, with_comments
from documents.drafts.models import Audience, Draft, DraftText
from documents.interchange.reader.document import FileComment
from documents.interchange.suggest.new_rows import IncomingThread


def threads_to_export(user: object, text: DraftText) -> list[Json]:
    """Return the workspace threads of a text that the person may read, oldest first, as they are in the
    file, to recognise them on import: `id`, `remarks` as [author, moment, words], `resolved`.

    Deleted comments are omitted. Names are those that may be disclosed to everyone, in the language of
    the text; a comment of a person who has left, or is known only by a file, is the organisation's. Three
    queries for any number of threads.
    """
    rows = threads_for(user, text).filter(audience=Audience.WORKSPACE)
    with translation.override(text.language):
        found = [
            {
                "id": str(thread.uuid),
                "remarks": [
                    [
                        _author_name(one),
                        one.created_at.isoformat(),
                        comment_text(one.body, one.mentions.all(), PUBLIC),
                    ]
                    for one in thread.comments.all()
                    if one.deleted_at is None
                ],
                "resolved": thread.resolved_at is not None,
            }
            for thread in with_comments(rows)
        ]
    return [thread for thread in found if thread["remarks"]]


def _author_name(comment: Comment) -> str:
    organisation, person = "", ""
    if comment.organisation is not None:
        organisation = display_name_for(PUBLIC, comment.organisation)
    if comment.author and author_stays(comment) and not comment.is_from_file:
        person = person_name(PUBLIC, comment.author, comment.organisation)
    return f"{person} ({organisation})" if person and organisation not in person else person or organisation


_MENTION = re.compile(r"(?<![\w.@])@")


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
    may = [thread for thread in rows if may_change_resolution(access, thread)]
    return may, [thread for thread in rows if thread not in may]


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
    author_of: Callable[[str], CommentGuest | None],
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
    made: dict[int, str] = {}
    for incoming in threads:
        thread = there.get(incoming.thread)
        for comment in incoming.comments:
            body, author = _words(comment)[:LONGEST_COMMENT] or "…", author_of(comment.author)
            if thread is None:
                thread = start_thread(
                    access=access,
                    text=text,
                    audience=Audience.WORKSPACE,
                    body=body,
                    file_author=author,
                    quote=quote_of(incoming.number),
                )
            else:
                reply_in_thread(access=access, thread=thread, body=body, file_author=author)
        assert thread is not None  # noqa: S101  an incoming thread has a comment
        if incoming.resolved:
            resolve_thread(access=access, thread=thread)
        made[incoming.number] = str(thread.uuid)
    return made


def _words(comment: FileComment) -> str:
    """Remove mentions: a file notifies nobody."""
    return clean_comment(_MENTION.sub("", comment.words))
