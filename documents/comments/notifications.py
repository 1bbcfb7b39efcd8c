"""Notifications about comments: kinds, sentences, and access to the thread they refer to."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.comments.models import LegalReader, Thread
from documents.comments.queries import legal_readers_of, threads_for

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


# --- messages ---
# Sentences of the notifications and audit entries of comments.


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
