"""Who may say what beside a text: predicates of the person's access and a thing that they may read."""

from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.comments.models import Comment, LegalReader, Thread
from documents.drafts.enums import Audience
from documents.drafts.models import Draft
from documents.drafts.permissions import may_comment, may_edit_text


def comments_are_over(draft: Draft) -> bool:
    """Whether the moment has come until which the text was open for comments."""
    return draft.comments_until is not None and draft.comments_until <= now()


def may_say_to(access: Access, draft: Draft, audience: str) -> bool:
    """Write a comment for this audience. Once comments are over, only coordinators speak to the workspace;
    within an organisation, and between a lawyer and the coordinators, the talk goes on."""
    closed = audience == Audience.WORKSPACE and comments_are_over(draft) and not access.may(Right.PUBLISH)
    return may_comment(access, draft) and not closed


def joins(access: Access, thread: Thread) -> bool:
    """Whether the person takes part in the thread in whose name they act now. They may read it: `queries`
    has decided that, for any of their seats. Needs `reader` loaded."""
    if thread.audience == Audience.ORGANISATION:
        return thread.organisation_id == access.organisation.pk
    if thread.audience == Audience.LEGAL:
        return access.may(Right.MANAGE) or (thread.reader is not None and is_reader(access, thread.reader))
    return True


def is_reader(access: Access, reader: LegalReader) -> bool:
    """Whether the person acts as this legal reader."""
    named = (reader.person_id, reader.organisation_id)
    return reader.ended_at is None and named == (access.user.pk, access.organisation.pk)


def may_reply(access: Access, thread: Thread) -> bool:
    return joins(access, thread) and may_say_to(access, thread.text.draft, thread.audience)


def settles(access: Access, thread: Thread, *, edits: bool) -> bool:
    """Whether it is the person's to say that a thread is done: for who began it, in whose name it was begun,
    and for who edits the text (`edits`); a narrower one is everyone's who takes part in it."""
    if thread.audience != Audience.WORKSPACE:
        return joins(access, thread)
    return edits or thread.organisation_id == access.organisation.pk


def may_settle(access: Access, thread: Thread) -> bool:
    """Resolve a thread, or open it again."""
    draft = thread.text.draft
    return may_comment(access, draft) and settles(access, thread, edits=may_edit_text(access, draft))


def is_authors(access: Access, comment: Comment) -> bool:
    """Written by the person, on behalf of the organisation in whose name they act now."""
    return (comment.author_id, comment.organisation_id) == (access.user.pk, access.organisation.pk)


def may_change_comment(access: Access, comment: Comment) -> bool:
    """Edit, delete, bring back: what one wrote oneself."""
    return is_authors(access, comment) and may_comment(access, comment.thread.text.draft)
