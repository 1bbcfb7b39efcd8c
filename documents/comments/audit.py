"""What is kept and told of a comment: who hears of it is who may read its thread.

The audit entry holds no words and no audience. The workspace's activity tells of threads for the workspace
alone: that somebody wrote to their own organisation, or to the lawyer, is already something to know. Those
who read a narrower thread are told by a notification of their own.
"""

from collections.abc import Collection, Iterable

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.permissions import Access
from documents.comments.models import Comment, Thread
from documents.comments.queries import seats_in_thread
from documents.comments.topics import topics_of
from documents.drafts import audit
from documents.drafts.enums import Audience
from documents.drafts.queries import limits_of, people_around, people_of


def keep(*, access: Access, thread: Thread, action: str, comment: Comment | None = None) -> None:
    """Write the audit entry and tell the open pages of those who may read the thread."""
    audit.record(
        thing=thread.text.draft,
        access=access,
        action=action,
        language=thread.text.language,
        thread=str(thread.uuid),
    )
    refresh(thread, comment)


def keep_of_guest(*, thread: Thread, action: str, comment: Comment) -> None:
    """The same for somebody who holds a link: no account acts."""
    log.record_audit(
        action,
        actor=None,
        target_kind="draft",
        target=thread.text.draft.uuid,
        workspace=thread.text.draft.workspace.uuid,
        language=thread.text.language,
        thread=str(thread.uuid),
        guest=str(thread.guest),
    )
    refresh(thread, comment)


def refresh(thread: Thread, comment: Comment | None = None) -> None:
    """Tell the open pages of those who may read the thread to ask again."""
    for topic in topics_of(thread):
        live_push.push_topic(topic=topic, last_id=comment.pk if comment is not None else thread.pk)


def tell(*, access: Access, thread: Thread, kind: str) -> None:
    """Tell the workspace, if the thread is for it."""
    if thread.audience != Audience.WORKSPACE:
        return
    draft = thread.text.draft
    limits = limits_of(draft)
    activity.record_activity(
        kind,
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind="thread",
        subject=thread.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=draft.title,
        language=thread.text.language,
    )


def notify_written(*, comment: Comment, called: Collection[User]) -> None:
    """Tell the people called, and those whom the comment concerns otherwise, each of one thing."""
    _notify("comment_calls_you", comment, called, once=f"called {comment.uuid}")
    kind, people = _concerned(comment)
    told = {person.pk for person in called}
    _notify(kind, comment, [person for person in people if person.pk not in told])


def _concerned(comment: Comment) -> tuple[str, Iterable[User]]:
    """Whom a comment concerns, and as what: the lawyer and the coordinators of each other's words, who wrote
    in the text of a new thread for the workspace, otherwise who wrote in the thread."""
    thread = comment.thread
    if thread.audience == Audience.LEGAL:
        kind = "comment_for_the_lawyer" if comment.guest is None else "comment_of_a_guest"
        return kind, people_of(seats_in_thread(thread))
    if thread.audience == Audience.WORKSPACE and thread.comments.count() == 1:
        return "comment_on_yours", people_around(thread.text.draft)
    wrote = thread.comments.filter(author__isnull=False).values("author")
    return "comment_answers_you", User.objects.filter(pk__in=wrote)


def notify_called(*, comment: Comment, people: Collection[User]) -> None:
    """Tell people who are called in a comment for the first time."""
    _notify("comment_calls_you", comment, people, once=f"called {comment.uuid}")


def notify_settled(*, access: Access, thread: Thread) -> None:
    """Tell who began the thread that it is done."""
    if thread.created_by is not None:
        _send("comment_settled", thread, [thread.created_by], access.user, access.organisation)


def _notify(kind: str, comment: Comment, people: Collection[User], *, once: str = "") -> None:
    _send(kind, comment.thread, people, comment.author, comment.organisation, once=once)


def _send(
    kind: str,
    thread: Thread,
    people: Collection[User],
    actor: User | None,
    organisation: Organisation | None,
    *,
    once: str = "",
) -> None:
    """Whether they may read the thread is asked again when they look and when a mail leaves."""
    notify(
        people=people,
        kind=kind,
        workspace=thread.text.draft.workspace,
        actor=actor,
        organisation=organisation,
        subject_kind="thread",
        subject=thread.uuid,
        once=once,
        language=thread.text.language,
    )
