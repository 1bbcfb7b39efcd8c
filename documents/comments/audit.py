"""Audit entries, activity and notifications of comments; only readers of a thread are notified.

The audit entry holds neither words nor audience. The workspace's activity lists only threads for
the workspace: the existence of a thread for an organisation or for the lawyer is itself
confidential. Readers of a narrower thread are notified individually.
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
from documents.comments.topics import topics_of_thread
from documents.drafts import audit as drafts_audit
from documents.drafts.enums import Audience
from documents.drafts.queries import people_involved_in, people_of, reader_limits


def record_comment_event(
    *, access: Access, thread: Thread, action: str, comment: Comment | None = None
) -> None:
    """Write the audit entry and notify the open pages of the thread's readers."""
    drafts_audit.record_document_audit(
        thing=thread.text.draft,
        access=access,
        action=action,
        language=thread.text.language,
        thread=str(thread.uuid),
    )
    push_thread_change(thread, comment)


def record_guest_comment_event(*, thread: Thread, action: str, comment: Comment) -> None:
    """Write the audit entry and notify pages for a guest: no account acts."""
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
    push_thread_change(thread, comment)


def push_thread_change(thread: Thread, comment: Comment | None = None) -> None:
    """Notify the open pages of the thread's readers to reload it."""
    for topic in topics_of_thread(thread):
        live_push.push_topic(topic=topic, last_id=comment.pk if comment is not None else thread.pk)


def record_thread_activity(*, access: Access, thread: Thread, kind: str) -> None:
    """Add to the workspace's activity if the thread is for the workspace."""
    if thread.audience != Audience.WORKSPACE:
        return
    draft = thread.text.draft
    limits = reader_limits(draft)
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
    """Notify people mentioned and others concerned by the comment; each gets one notification."""
    _notify_of_comment("comment_calls_you", comment, called, once=f"called {comment.uuid}")
    kind, people = _people_to_notify(comment)
    told = {person.pk for person in called}
    _notify_of_comment(kind, comment, [person for person in people if person.pk not in told])


def _people_to_notify(comment: Comment) -> tuple[str, Iterable[User]]:
    """Return the notification kind and its recipients: in a legal thread the lawyer and the
    coordinators for each other's comments; for a new workspace thread those who wrote in the text;
    otherwise those who wrote in the thread."""
    thread = comment.thread
    if thread.audience == Audience.LEGAL:
        kind = "comment_for_the_lawyer" if comment.guest is None else "comment_of_a_guest"
        return kind, people_of(seats_in_thread(thread))
    if thread.audience == Audience.WORKSPACE and thread.comments.count() == 1:
        return "comment_on_yours", people_involved_in(thread.text.draft)
    wrote = thread.comments.filter(author__isnull=False).values("author")
    return "comment_answers_you", User.objects.filter(pk__in=wrote)


def notify_mentioned(*, comment: Comment, people: Collection[User]) -> None:
    """Notify people who are mentioned in a comment for the first time."""
    _notify_of_comment("comment_calls_you", comment, people, once=f"called {comment.uuid}")


def notify_resolved(*, access: Access, thread: Thread) -> None:
    """Notify the author of the thread that it is resolved."""
    if thread.created_by is not None:
        _notify_of_thread("comment_settled", thread, [thread.created_by], access.user, access.organisation)


def _notify_of_comment(kind: str, comment: Comment, people: Collection[User], *, once: str = "") -> None:
    _notify_of_thread(kind, comment.thread, people, comment.author, comment.organisation, once=once)


def _notify_of_thread(
    kind: str,
    thread: Thread,
    people: Collection[User],
    actor: User | None,
    organisation: Organisation | None,
    *,
    once: str = "",
) -> None:
    """Send the notification.
    The right to read the thread is checked again on display and before mailing."""
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
