"""An organisation's voice on a question: one, changeable until the deadline."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import NotAllowed
from documents.approval.queries.rounds import capacity_of, representatives
from documents.resolutions.actions.ask import lock_open
from documents.resolutions.audit import concern, keep
from documents.resolutions.enums import AnswerKind
from documents.resolutions.models import Answer, Question, QuestionAsked
from documents.resolutions.queries import questions_asked_of


class WordsMissing(Refused):
    """An objection or reservation without its words."""


def answer_question(
    *, question: Question, organisation: Organisation, kind: AnswerKind, words: str = "", person: User
) -> Answer:
    """Record what the organisation says; it takes the place of what it said before.

    Its representatives hear of an answer that an alternate or mandate holder gave. Raises NotAllowed for who
    may not decide for it, Refused after the deadline or if the question is closed, WordsMissing.
    """
    words = words.strip()[:2000]
    if kind.needs_words and not words:
        raise WordsMissing(_("Say in words what you object to or reserve, so that others can act on it."))
    with transaction.atomic():
        locked = lock_open(question)
        asked = questions_asked_of(person).filter(question=locked, organisation=organisation).first()
        if asked is None:
            raise NotAllowed
        capacity, moment = capacity_of(person, asked), now()
        before = Answer.objects.filter(question=locked, organisation=organisation, superseded_at=None)
        changed = bool(before.update(superseded_at=moment))
        answer = Answer.objects.create(
            question=locked,
            organisation=organisation,
            kind=AnswerKind(kind),
            words=words,
            person=person,
            capacity=capacity,
            at=moment,
        )
        _tell(asked, answer, changed=changed)
    return answer


def _tell(asked: QuestionAsked, answer: Answer, *, changed: bool) -> None:
    """Keep the answer; the organisation's representatives hear at once of one they did not give."""
    keep(
        asked.question,
        action="question.answered",
        kind="question_answered",
        person=answer.person,
        organisation=asked.organisation,
        role=answer.capacity,
        answer=answer.kind,
        changed=changed,
    )
    if answer.capacity != "representative":
        concern(
            asked.question,
            representatives(asked.organisation),
            kind="answered_for_you",
            once=str(answer.uuid),
            actor=answer.person,
            organisation=asked.organisation,
            about=str(asked.organisation.uuid),
        )
