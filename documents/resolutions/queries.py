"""Queries for questions, organisations asked and their answers."""

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.drafts.queries import may_decide, takes_part
from documents.resolutions.models import Answer, Question, QuestionAsked, QuestionState
from documents.resolutions.outcome import Tally

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SUBJECT = "decision"  # a possible limit of a mandate


def questions_asked_of(user: object) -> QuerySet[QuestionAsked]:
    """Return what the person may answer or has answered for an organisation asked, whatever their seat.

    As for approvals: a representative or alternate, or a member with a current mandate that is not limited
    to a kind of text; the organisation still takes part in the workspace and is not frozen.
    """
    if not isinstance(user, User) or not user.is_active:
        return QuestionAsked.objects.none()
    may = may_decide(user, Q(subject=SUBJECT))
    rows = QuestionAsked.objects.filter(takes_part("question__workspace"), may)
    return rows.select_related("organisation", "question__workspace")


def questions_for(user: object) -> QuerySet[Question]:
    """Return questions of the workspaces in which the person may see drafts, newest first."""
    rows = Question.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    return rows.select_related("workspace", "organisation", "asked_by")


def readable_questions(user: object) -> QuerySet[Question]:
    """Return `questions_for`, and questions to an organisation for which the person may answer."""
    if not isinstance(user, User) or not user.is_active:
        return Question.objects.none()
    answers = questions_asked_of(user).order_by().filter(question=OuterRef("pk"))
    seated = workspaces_for(user, Right.SEE_DRAFTS).order_by().values("pk")
    rows = Question.objects.filter(Q(workspace__in=seated) | Exists(answers))
    return rows.select_related("workspace", "organisation", "asked_by")


def decision_register_of(user: object, workspace: Workspace) -> QuerySet[Question]:
    """Return a workspace's register of decisions, with `asked_count` and `answered_count`: one query."""
    rows = questions_for(user).filter(workspace=workspace).order_by("-pk")
    return rows.annotate(
        asked_count=Count("asked", distinct=True),
        answered_count=Count("answers", filter=Q(answers__superseded_at=None), distinct=True),
    )


def possibly_unanswered_for(user: User) -> QuerySet[QuestionAsked]:
    """Return the open questions that the person's organisations have yet to answer, if they may or not."""
    own = active_memberships(user).order_by().values("organisation")
    return _unanswered(QuestionAsked.objects.filter(organisation__in=own))


def waiting_questions(user: User) -> QuerySet[QuestionAsked]:
    """Return what the person has yet to answer: open questions without a current answer."""
    return _unanswered(questions_asked_of(user)).filter(question__workspace__archived_at=None)


def _unanswered(asked: QuerySet[QuestionAsked]) -> QuerySet[QuestionAsked]:
    answered = Answer.objects.filter(
        question=OuterRef("question"), organisation=OuterRef("organisation"), superseded_at=None
    )
    return asked.filter(~Exists(answered), question__state=QuestionState.OPEN)


def coordinators_in(workspace: Workspace) -> list[User]:
    """Return coordinators of the workspace, each once."""
    seats = active_seats().filter(workspace=workspace, role=SeatRole.COORDINATOR)
    return list({seat.person_id: seat.person for seat in seats.select_related("person")}.values())


class AskedState(TypedDict):
    """Annotation of an organisation asked: frozen now; in the workspace now."""

    is_frozen: bool
    takes_part: bool


type AnnotatedAsked = WithAnnotations[QuestionAsked, AskedState]


def asked_with_answers(question: Question) -> list[tuple[AnnotatedAsked, Answer | None]]:
    """Return the organisations asked, each with its current answer: two queries."""
    answers = {row.organisation_id: row for row in current_answers(question).select_related("person")}
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = question.asked.select_related("organisation").annotate(
        is_frozen=Exists(frozen), takes_part=takes_part("question__workspace")
    )
    return [(row, answers.get(row.organisation_id)) for row in rows]


def current_answers(question: Question) -> QuerySet[Answer]:
    return Answer.objects.filter(question=question, superseded_at=None)


def tally_of(question: Question) -> Tally:
    """Return the count of the answers: two queries."""
    kinds = current_answers(question).values_list("kind", flat=True)
    return Tally(question.asked.count(), Counter(kinds))
