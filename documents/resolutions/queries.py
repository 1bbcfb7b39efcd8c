"""Lists of questions, of who is asked and what they answered: the only place where they come from."""

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
from documents.resolutions.outcome import Tally, count

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Standing(TypedDict):
    """Of an organisation asked: frozen now; taking part now."""

    is_frozen: bool
    takes_part: bool


type AskedNow = WithAnnotations[QuestionAsked, Standing]

SUBJECT = "decision"  # what a mandate may be limited to


def questions_asked_of(user: object) -> QuerySet[QuestionAsked]:
    """What the person may answer or has answered, for an organisation asked: whatever seat they hold.

    As for approving: a representative or alternate, or a member with a mandate within its dates that is not
    limited to a kind of text; the organisation still takes part in the workspace and is not frozen.
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
    """Questions of the workspaces in which the person may see drafts, newest first."""
    rows = Question.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation", "asked_by")


def readable_questions(user: object) -> QuerySet[Question]:
    """The same, and what was put to an organisation for which the person may answer."""
    if not isinstance(user, User) or not user.is_active:
        return Question.objects.none()
    answers = questions_asked_of(user).order_by().filter(question=OuterRef("pk"))
    seated = workspaces_for(user, Right.SEE_DRAFTS).order_by().values("pk")
    rows = Question.objects.filter(Q(workspace__in=seated) | Exists(answers))
    return rows.select_related("workspace", "organisation", "asked_by")


def register_of(user: object, workspace: Workspace) -> QuerySet[Question]:
    """The register of decisions of a workspace, with `asked_count` and `answered_count`: one query."""
    rows = questions_for(user, workspace).annotate(
        asked_count=Count("asked", distinct=True),
        answered_count=Count("answers", filter=Q(answers__superseded_at=None), distinct=True),
    )
    return rows.order_by("-pk")


def may_wait_for(user: User) -> QuerySet[QuestionAsked]:
    """Where an organisation of the person has not answered an open question, whether they may or not."""
    own = active_memberships(user).order_by().values("organisation")
    return _unanswered(QuestionAsked.objects.filter(organisation__in=own))


def waiting_questions(user: User) -> QuerySet[QuestionAsked]:
    """What the person has still to answer: asked, in an open question, without an answer that stands."""
    return _unanswered(questions_asked_of(user)).filter(question__workspace__archived_at=None)


def _unanswered(asked: QuerySet[QuestionAsked]) -> QuerySet[QuestionAsked]:
    answered = Answer.objects.filter(
        question=OuterRef("question"), organisation=OuterRef("organisation"), superseded_at=None
    )
    return asked.filter(~Exists(answered), question__state=QuestionState.OPEN)


def answering_for(asked: QuestionAsked) -> list[User]:
    """Everyone who may answer for the organisation now, each once."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=SUBJECT), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation=asked.organisation_id
    )
    return [membership.person for membership in members.select_related("person")]


def coordinators_in(workspace: Workspace) -> list[User]:
    """Coordinators of the workspace, each once."""
    seats = active_seats().filter(workspace=workspace, role=SeatRole.COORDINATOR)
    return list({seat.person_id: seat.person for seat in seats.select_related("person")}.values())


@dataclass(frozen=True)
class Line:
    """What one organisation answered, as one viewer may be told. Without an answer `kind` is empty."""

    mark: OrganisationMark
    frozen: bool
    takes_part: bool
    kind: str = ""
    label: str = ""
    words: str = ""
    person: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Answers:
    """The answers to one question, a line each organisation asked, and their count."""

    lines: list[Line]
    tally: Tally


def answers_to(question: Question, viewer: Viewer) -> Answers:
    """Read the answers to a question that the viewer may read: two queries, whatever their number."""
    standing = {row.organisation_id: row for row in _standing(question)}
    asked = _asked(question)
    lines = [_line(viewer, row, standing.get(row.organisation_id)) for row in asked]
    return Answers(lines=lines, tally=count(len(lines), (row.kind for row in standing.values())))


def tally_of(question: Question) -> Tally:
    """The count alone: two queries."""
    return count(question.asked.count(), _standing(question).values_list("kind", flat=True))


def _standing(question: Question) -> QuerySet[Answer]:
    return Answer.objects.filter(question=question, superseded_at=None).select_related("person")


def _asked(question: Question) -> QuerySet[AskedNow]:
    part = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=question.workspace_id, ended_at=None
    )
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    return question.asked.select_related("organisation").annotate(
        is_frozen=Exists(frozen), takes_part=Exists(part)
    )


def _line(viewer: Viewer, row: AskedNow, answer: Answer | None) -> Line:
    told = may_see_name(viewer, row.organisation)
    return Line(
        mark=display_mark_for(viewer, row.organisation),
        frozen=row.is_frozen,
        takes_part=row.takes_part,
        kind=answer.kind if answer else "",
        label=str(AnswerKind(answer.kind).label) if answer else "",
        words=answer.words if answer else "",
        person=answer.person.name if answer and answer.person and told else "",
        answer=answer,
    )
