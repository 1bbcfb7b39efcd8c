"""What follows comments: audit entries, notifications, live topics.

Events of a thread, including their time, are sent only to people who may read it.

The audit entry holds neither words nor audience. The workspace's activity lists only threads for
the workspace: the existence of a thread for an organisation or for the lawyer is itself
confidential. Readers of a narrower thread are notified individually.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.core.crypto import parse_uuid
from coalition.roles import SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.queries import legal_readers_of, seats_in_thread, threads_for
from documents.drafts import audit as drafts_audit, queries as drafts_queries
from documents.drafts.models import Audience, DraftText

KINDS: Mapping[str, NotificationKind] = {
    "comment_calls_you": NotificationKind(
        sentence=_("%(actor)s calls you in a comment on “%(title)s” (%(language)s)."),
        outline=_("Somebody calls you in a comment."),
        icon="talk",
        asks=True,
    ),
    "comment_on_yours": NotificationKind(
        sentence=_("%(actor)s commented on “%(title)s” (%(language)s), where you wrote."),
        outline=_("There is a comment on a text in which you wrote."),
        icon="talk",
    ),
    "comment_answers_you": NotificationKind(
        sentence=_("%(actor)s answered a comment on “%(title)s” (%(language)s), as you did."),
        outline=_("There is an answer to a comment that you take part in."),
        icon="talk",
        together=_("A comment on “%(title)s” (%(language)s) that you take part in has answers: %(count)s."),
    ),
    "comment_for_the_lawyer": NotificationKind(
        sentence=_("%(actor)s wrote to the legal reader and the coordinators of “%(title)s” (%(language)s)."),
        outline=_("There is a comment for the legal reader and the coordinators of a text."),
        icon="talk",
        asks=True,
    ),
    "comment_of_a_guest": NotificationKind(
        sentence=_("A guest who reads “%(title)s” (%(language)s) as a lawyer wrote to the coordinators."),
        outline=_("A guest who reads a text as a lawyer wrote to the coordinators."),
        icon="talk",
        asks=True,
    ),
    "comment_settled": NotificationKind(
        sentence=_("%(actor)s resolved your comment on “%(title)s” (%(language)s)."),
        outline=_("A comment of yours is resolved."),
        icon="check",
    ),
    "legal_reader_named": NotificationKind(
        sentence=_("%(actor)s asks you to read “%(title)s” as its lawyer."),
        outline=_("You are asked to read a text as its lawyer."),
        icon="eye",
        asks=True,
    ),
}


def _describe_threads(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Thread.objects.filter(uuid__in=uuids).select_related("text__draft")
    return {row.uuid: SubjectDescription(row.text.draft.title, row.get_absolute_url()) for row in rows}


def _describe_legal_readers(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = LegalReader.objects.filter(uuid__in=uuids).select_related("draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.draft.get_absolute_url()) for row in rows}


# A thread has no title: its draft has.
SUBJECTS: Mapping[str, NotificationSubject] = {
    "thread": NotificationSubject(threads_for, _describe_threads),
    "legal_reader": NotificationSubject(legal_readers_of, _describe_legal_readers),
}

ACTIVITIES: Mapping[str, str | Promise] = {
    "comment_written": _("%(actor)s commented on “%(title)s” (%(language)s)."),
    "comment_answered": _("%(actor)s answered a comment on “%(title)s” (%(language)s)."),
    "comment_resolved": _("%(actor)s resolved a comment on “%(title)s” (%(language)s)."),
    "comment_reopened": _("%(actor)s opened a comment on “%(title)s” (%(language)s) again."),
}

ACTIONS: Mapping[str, str | Promise] = {
    "comment.started": _("Comment written"),
    "comment.replied": _("Comment answered"),
    "comment.edited": _("Comment edited"),
    "comment.deleted": _("Comment deleted"),
    "comment.undeleted": _("Deleted comment brought back"),
    "comment.resolved": _("Comment resolved"),
    "comment.reopened": _("Comment opened again"),
    "legal_reader.named": _("Legal reader of a draft named"),
    "legal_reader.ended": _("Legal reader of a draft taken back"),
}

KIND = "comments"
LEGAL = "legal"


def topics_of_thread(thread: Thread) -> list[str]:
    """Return the topics on which a change in the thread is sent."""
    text = f"{KIND}:{thread.text.uuid}"
    if thread.audience == Audience.ORGANISATION and thread.organisation is not None:
        return [f"{text}.{thread.organisation.uuid}"]
    if thread.audience == Audience.LEGAL:
        reader = [f"{text}.{thread.reader.uuid}"] if thread.reader is not None else []
        return [f"{text}.{LEGAL}", *reader]
    return [text]


def topics_for_page(
    text: DraftText, access: Access, *, coordinates: bool, readers: Iterable[LegalReader]
) -> list[str]:
    """Return the topics a page subscribes to: by the person's organisations and legal readings."""
    narrow = [seat.organisation.uuid for seat in access.seats] + [reader.uuid for reader in readers]
    suffixes = ["", *(f".{uuid}" for uuid in narrow), *([f".{LEGAL}"] if coordinates else [])]
    return [f"{KIND}:{text.uuid}{suffix}" for suffix in suffixes]


def may_subscribe_to_comments(user_id: int, identity: str) -> bool:
    """Whether the person may subscribe to the topic now."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    text_uuid, _dot, narrow = identity.partition(".")
    rows = DraftText.objects.select_related("draft__workspace").filter(
        draft__in=drafts_queries.drafts_for(user)
    )
    text = rows.filter(uuid=uuid).first() if user and (uuid := parse_uuid(text_uuid)) else None
    if user is None or text is None:
        return False
    if not narrow:
        return True
    draft = text.draft
    if narrow == LEGAL:
        return drafts_queries.seats_reading(draft).filter(role=SeatRole.COORDINATOR, person=user).exists()
    uuid = parse_uuid(narrow)
    if uuid is None:
        return False
    seats = drafts_queries.reading_seats(user).filter(workspace=draft.workspace)
    of_organisation = seats.filter(organisation__uuid=uuid).exists()
    return of_organisation or legal_readers_of(user).filter(uuid=uuid, draft=draft).exists()


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
    limits = drafts_queries.reader_limits(draft)
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


def notify_written(*, comment: Comment, mentioned: Collection[User]) -> None:
    """Notify people mentioned and others concerned by the comment; each gets one notification."""
    notify_mentioned(comment=comment, people=mentioned)
    kind, people = _people_to_notify(comment)
    notified = {person.pk for person in mentioned}
    _notify_of_comment(kind, comment, [person for person in people if person.pk not in notified])


def _people_to_notify(comment: Comment) -> tuple[str, Iterable[User]]:
    """Return the notification kind and its recipients: in a legal thread the lawyer and the
    coordinators for each other's comments; for a new workspace thread those who wrote in the text;
    otherwise those who wrote in the thread."""
    thread = comment.thread
    if thread.audience == Audience.LEGAL:
        kind = "comment_for_the_lawyer" if comment.guest is None else "comment_of_a_guest"
        return kind, drafts_queries.people_of(seats_in_thread(thread))
    if thread.audience == Audience.WORKSPACE and thread.comments.count() == 1:
        return "comment_on_yours", drafts_queries.people_involved_in(thread.text.draft)
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
    """Send the notification. The right to read the thread is checked again on display and before mailing."""
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
