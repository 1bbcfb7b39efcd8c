"""Comments for a file that leaves the workspace: threads for the workspace, and no others."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation

from coalition.accounts.naming import Viewer, display_name_for, viewer_for
from coalition.workspaces.naming import person_name
from documents.comments.body import in_words
from documents.comments.models import Comment, Thread
from documents.comments.queries import author_stays, threads_for, with_comments
from documents.drafts.enums import Audience
from documents.drafts.models import DraftText


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
