"""Queries for questions, organisations asked and their answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for, may_see_name
from coalition.accounts.queries import active_memberships, frozen_organisations
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.drafts.deciders import APPROVING_ROLES, open_mandates
from documents.resolutions.enums import AnswerKind, QuestionState
from documents.resolutions.models import Answer, Question, QuestionAsked
from documents.resolutions.outcome import Tally, tally_answers

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class AskedStatus(TypedDict):
    """Annotation of an organisation asked: frozen now; taking part now."""

    is_frozen: bool
    takes_part: bool


type AnnotatedQuestionAsked = WithAnnotations[QuestionAsked, AskedStatus]

SUBJECT = "decision"  # a possible limit of a mandate


def questions_asked_of(user: object) -> QuerySet[QuestionAsked]:
    """Return what the person may answer or has answered for an organisation asked, whatever their
    seat.

    As for approvals: a representative or alternate, or a member with a mandate within its dates
    that is not limited to a kind of text; the organisation still takes part in the workspace and is
    not frozen.
    """
    if not isinstance(user, User) or not user.is_active:
        return QuestionAsked.objects.none()
    member = active_memberships(user).filter(organisation=OuterRef("organisation"), role__in=APPROVING_ROLES)
    mandate = open_mandates(user).filter(
        Q(subject="") | Q(subject=SUBJECT), membership__organisation=OuterRef("organisation")
    )
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef("question__workspace"), ended_at=None
    )
    rows = QuestionAsked.objects.filter(Exists(part), Exists(member) | Exists(mandate))
    return rows.select_related("organisation", "question__workspace")


def questions_for(user: object, workspace: Workspace | None = None) -> QuerySet[Question]:
    """Return questions of the workspaces in which the person may see drafts, newest first."""
    rows = Question.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation", "asked_by")


def readable_questions(user: object) -> QuerySet[Question]:
    """Return `questions_for`, and questions put to an organisation for which the person may
    answer."""
    if not isinstance(user, User) or not user.is_active:
        return Question.objects.none()
    answers = questions_asked_of(user).order_by().filter(question=OuterRef("pk"))
    seated = workspaces_for(user, Right.SEE_DRAFTS).order_by().values("pk")
    rows = Question.objects.filter(Q(workspace__in=seated) | Exists(answers))
    return rows.select_related("workspace", "organisation", "asked_by")


def decision_register_of(user: object, workspace: Workspace) -> QuerySet[Question]:
    """Return a workspace's register of decisions, with `asked_count` and `answered_count`: one
    query."""
    rows = questions_for(user, workspace).annotate(
        asked_count=Count("asked", distinct=True),
        answered_count=Count("answers", filter=Q(answers__superseded_at=None), distinct=True),
    )
    return rows.order_by("-pk")


def possibly_unanswered_for(user: User) -> QuerySet[QuestionAsked]:
    """Return rows of the person's organisations without an answer to an open question, whether they
    may answer or not."""
    own = active_memberships(user).order_by().values("organisation")
    return _unanswered(QuestionAsked.objects.filter(organisation__in=own))


def waiting_questions(user: User) -> QuerySet[QuestionAsked]:
    """Return what the person has yet to answer: asked, in an open question, without a current
    answer."""
    return _unanswered(questions_asked_of(user)).filter(question__workspace__archived_at=None)


def _unanswered(asked: QuerySet[QuestionAsked]) -> QuerySet[QuestionAsked]:
    answered = Answer.objects.filter(
        question=OuterRef("question"), organisation=OuterRef("organisation"), superseded_at=None
    )
    return asked.filter(~Exists(answered), question__state=QuestionState.OPEN)


def people_who_may_answer(asked: QuestionAsked) -> list[User]:
    """Return everyone who may answer for the organisation now, each once."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=SUBJECT), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation=asked.organisation_id
    )
    return [membership.person for membership in members.select_related("person")]


def coordinators_in(workspace: Workspace) -> list[User]:
    """Return coordinators of the workspace, each once."""
    seats = active_seats().filter(workspace=workspace, role=SeatRole.COORDINATOR)
    return list({seat.person_id: seat.person for seat in seats.select_related("person")}.values())


@dataclass(frozen=True)
class AnswerLine:
    """One organisation's answer, as visible to one viewer. Without an answer `kind` is empty."""

    mark: OrganisationMark
    frozen: bool
    takes_part: bool
    kind: str = ""
    label: str = ""
    words: str = ""
    person: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class QuestionAnswers:
    """The answers to one question, one line per organisation asked, and their count."""

    lines: list[AnswerLine]
    tally: Tally


def answers_to(question: Question, viewer: Viewer) -> QuestionAnswers:
    """Return the answers to a question that the viewer may read: two queries, whatever their
    number."""
    standing = {row.organisation_id: row for row in _current_answers(question)}
    asked = _annotated_asked(question)
    lines = [_answer_line(viewer, row, standing.get(row.organisation_id)) for row in asked]
    return QuestionAnswers(
        lines=lines, tally=tally_answers(len(lines), (row.kind for row in standing.values()))
    )


def tally_of(question: Question) -> Tally:
    """Return the count only: two queries."""
    return tally_answers(question.asked.count(), _current_answers(question).values_list("kind", flat=True))


def _current_answers(question: Question) -> QuerySet[Answer]:
    return Answer.objects.filter(question=question, superseded_at=None).select_related("person")


def _annotated_asked(question: Question) -> QuerySet[AnnotatedQuestionAsked]:
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=question.workspace_id, ended_at=None
    )
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    return question.asked.select_related("organisation").annotate(
        is_frozen=Exists(frozen), takes_part=Exists(part)
    )


def _answer_line(viewer: Viewer, row: AnnotatedQuestionAsked, answer: Answer | None) -> AnswerLine:
    told = may_see_name(viewer, row.organisation)
    return AnswerLine(
        mark=display_mark_for(viewer, row.organisation),
        frozen=row.is_frozen,
        takes_part=row.takes_part,
        kind=answer.kind if answer else "",
        label=str(AnswerKind(answer.kind).label) if answer else "",
        words=answer.words if answer else "",
        person=answer.person.name if answer and answer.person and told else "",
        answer=answer,
    )
