"""New comments of a file become threads for the workspace, and answers in threads that are there."""

import re
from collections.abc import Callable, Collection, Sequence

from coalition.workspaces.rules import Access
from documents.comments.actions import InFile, Said, reply, resolve, start_thread
from documents.comments.body import clean
from documents.comments.models import LONGEST_COMMENT, Thread
from documents.comments.permissions import may_say_to, may_settle
from documents.comments.queries import threads_for
from documents.drafts.enums import Audience
from documents.drafts.models import Draft, DraftText
from documents.interchange.reader.metadata import FileComment
from documents.interchange.suggest.apply import IncomingThread

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
