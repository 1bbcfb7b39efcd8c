"""Sentences about events around decisions other than texts."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.registry import register_subjects, subject_choices
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.capability import Capability
from documents.resolutions import actions, queries
from documents.resolutions.models import Outcome, Question

ACTIVITIES: Mapping[str, str | Promise] = {
    "question_asked": _("%(actor)s put a question to organisations: “%(title)s”."),
    "question_answered": _("%(organisation)s answered the question “%(title)s”."),
    "question_settled": _("The question “%(title)s” is decided: %(outcome)s."),
    "question_taken_back": _("%(actor)s took the question “%(title)s” back."),
}
LABELS = {"outcome": dict(Outcome.choices)}
ACTIONS: Mapping[str, str | Promise] = {
    "question.asked": _("Put a question to organisations"),
    "question.answered": _("Answered a question for an organisation"),
    "question.settled": _("A question was decided at its deadline"),
    "question.taken_back": _("Took a question back"),
}
KINDS: Mapping[str, NotificationKind] = {
    "question_asked": NotificationKind(
        sentence=_("%(actor)s asks %(about)s to decide on “%(title)s” until %(deadline)s."),
        outline=_("A question waits for the answer of your organisation."),
        icon="speech",
        asks=True,
    ),
    "question_reminder": NotificationKind(
        sentence=_("%(about)s has not answered “%(title)s” yet. The deadline is %(deadline)s."),
        outline=_("The deadline of a question is near, and your organisation has not answered."),
        icon="clock",
        asks=True,
        urgent=True,
    ),
    "answered_for_you": NotificationKind(
        sentence=_("%(actor)s answered “%(title)s” for %(about)s."),
        outline=_("Somebody answered a question for your organisation."),
        icon="check",
        asks=True,
        protects=True,
    ),
    "question_settled": NotificationKind(
        sentence=_("“%(title)s” is decided: %(outcome)s."),
        outline=_("A question that was put to your organisation is decided."),
        icon="info",
        asks=True,
    ),
    "question_taken_back": NotificationKind(
        sentence=_("%(actor)s took the question “%(title)s” back: nothing is decided on it."),
        outline=_("A question that was put to your organisation was taken back."),
        icon="x",
    ),
}


def _questions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Question.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "question": NotificationSubject(queries.readable_questions, _questions)
}

ANSWER_SOON = datetime.timedelta(hours=48)


@only_if(queries.possibly_unanswered_for)
def questions_to_answer(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield open questions awaiting an organisation the person may answer for: one query."""
    moment = now()
    for asked in queries.waiting_questions(user).filter(question__deadline__gt=moment):
        question = asked.question
        name = display_name_for(viewer, asked.organisation)
        yield WaitingItem(
            icon="speech",
            title=question.title,
            detail=gettext("%(organisation)s is asked to decide.") % {"organisation": name},
            url=question.get_absolute_url(),
            action=gettext("Read and answer"),
            due=question.deadline,
            urgent=question.deadline - moment < ANSWER_SOON,
        )


RESOLUTIONS = Capability(
    name="resolutions",
    urls="documents.resolutions.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    activity_links={"question": "documents:question"},
    labels=LABELS,
    notification_kinds=KINDS,
    subjects=SUBJECTS,
    due_work={actions.SETTLE_KIND: actions.settle_question, actions.REMIND_KIND: actions.remind_of_question},
    waiting=(questions_to_answer,),
    connect=lambda: register_subjects(
        [*subject_choices(), (queries.SUBJECT, _("Decisions other than texts"))]
    ),
)
