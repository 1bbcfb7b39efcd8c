"""Questions put to organisations: one answer each, until a deadline, by a rule set in advance."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.eligibility import check_answering
from documents.drafts.deciders import REMIND_BEFORE, DeadlinePassed, capacity_of, representatives
from documents.drafts.permissions import may_ask_question, require_that
from documents.resolutions.audit import notify_about_question, record_question_event
from documents.resolutions.enums import AnswerKind, QuestionRule, QuestionState, QuorumKind
from documents.resolutions.models import Answer, Question, QuestionAsked
from documents.resolutions.outcome import answers_needed, outcome_of
from documents.resolutions.queries import coordinators_in, people_who_may_answer, questions_asked_of, tally_of

SETTLE_KIND = "question_deadline"
REMIND_KIND = "question_reminder"
FULL_PERCENT = 100  # per cent


@dataclass(frozen=True)
class QuestionTerms:
    """The terms of a decision: the rule, and the quorum as number or share of organisations."""

    rule: QuestionRule
    quorum_kind: QuorumKind
    quorum: int


def ask_question(
    *,
    access: Access,
    title: str,
    words: str,
    terms: QuestionTerms,
    organisations: Collection[Organisation],
    deadline: datetime.datetime,
) -> Question:
    """Put the question. Notify everyone who may answer for an organisation asked; remind them a day
    before the deadline; fix the outcome at the deadline.

    Raises NotAllowed without the right; Refused with a reason for an organisation that cannot be
    asked and a quorum that can never be reached; DeadlinePassed.
    """
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
        require_that(may_ask_question(access))
        moment = now()
        if deadline <= moment:
            raise DeadlinePassed(_("The deadline has passed already. Choose a moment that is still to come."))
        check_answering(access, organisations, media=_("Media partners are never asked to decide: %(name)s."))
        _check_quorum(terms, len(organisations))
        known = Question.objects.filter(workspace=workspace).aggregate(highest=Max("number"))
        question = Question.objects.create(
            workspace=workspace,
            number=(known["highest"] or 0) + 1,
            title=title.strip(),
            words=words.strip(),
            rule=terms.rule,
            quorum_kind=terms.quorum_kind,
            quorum=terms.quorum,
            deadline=deadline,
            asked_by=access.user,
            organisation=access.organisation,
            asked_at=moment,
        )
        QuestionAsked.objects.bulk_create(
            QuestionAsked(question=question, organisation=organisation) for organisation in organisations
        )
        _schedule_question_jobs(question, moment)
        _record_question(access, question, "question.asked", "question_asked")
        _notify_of_question(access, question)
    return question


def withdraw_question(*, access: Access, question: Question) -> Question:
    """Withdraw an open question before its deadline: it stays in the register, without an outcome.

    Raises NotAllowed without the right, Refused once it is decided or withdrawn.
    """
    with transaction.atomic():
        locked = lock_open_question(question)
        require_that(may_ask_question(access) and access.workspace.pk == locked.workspace_id)
        locked.state, locked.closed_at = QuestionState.TAKEN_BACK, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=SETTLE_KIND, key=str(locked.uuid))
        scheduler.cancel(kind=REMIND_KIND, key=str(locked.uuid))
        _record_question(access, locked, "question.taken_back", "question_taken_back")
        people = {one.pk: one for row in _asked_rows(locked) for one in people_who_may_answer(row)}
        notify_about_question(
            locked,
            people.values(),
            kind="question_taken_back",
            once=str(locked.uuid),
            actor=access.user,
            organisation=access.organisation,
        )
    return locked


def lock_open_question(question: Question) -> Question:
    """Return the question, locked, while it can be answered. Raises Refused afterwards; the
    database's clock decides on the deadline."""
    locked = Question.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=question.pk)
    if locked.state != QuestionState.OPEN or locked.workspace.archived_at is not None:
        raise Refused(_("This question is closed: nothing can be answered any more."))
    if locked.deadline <= now():
        raise Refused(_("The deadline has passed: answers stand as they were given before it."))
    return locked


def _check_quorum(terms: QuestionTerms, asked: int) -> None:
    most = FULL_PERCENT if terms.quorum_kind == QuorumKind.SHARE else asked
    if not 1 <= terms.quorum <= most or answers_needed(asked, terms.quorum_kind, terms.quorum) > asked:
        raise Refused(_("This quorum can never be reached: %(asked)d organisations are asked."), asked=asked)


def _schedule_question_jobs(question: Question, moment: datetime.datetime) -> None:
    """Schedule the outcome at the deadline, and a reminder a day before, or at half of a shorter
    time."""
    at = question.deadline - REMIND_BEFORE
    if at <= moment:
        at = moment + (question.deadline - moment) / 2
    scheduler.schedule(kind=REMIND_KIND, key=str(question.uuid), due_at=at)
    scheduler.schedule(kind=SETTLE_KIND, key=str(question.uuid), due_at=question.deadline)


def _record_question(access: Access, question: Question, action: str, kind: str) -> None:
    record_question_event(
        question,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
    )


def _asked_rows(question: Question) -> list[QuestionAsked]:
    return list(question.asked.select_related("organisation"))


def _notify_of_question(access: Access, question: Question) -> None:
    for row in _asked_rows(question):
        notify_about_question(
            question,
            people_who_may_answer(row),
            kind="question_asked",
            once=f"{row.organisation_id}:{question.uuid}",
            actor=access.user,
            organisation=access.organisation,
            about=str(row.organisation.uuid),
            deadline=question.deadline.isoformat(),
        )


# --- answer ---
# An organisation's answer to a question: one, changeable until the deadline.


class ReasonMissing(Refused):
    """Raised for an objection or reservation without a text."""


def answer_question(
    *, question: Question, organisation: Organisation, kind: AnswerKind, words: str = "", person: User
) -> Answer:
    """Record the organisation's answer; it replaces the previous one.

    Notifies its representatives of an answer given by an alternate or mandate holder. Raises
    NotAllowed for anyone who may not decide for it, Refused after the deadline or if the question
    is closed, WordsMissing.
    """
    words = words.strip()[:2000]
    if kind.needs_words and not words:
        raise ReasonMissing(_("Say in words what you object to or reserve, so that others can act on it."))
    with transaction.atomic():
        locked = lock_open_question(question)
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
        _notify_of_answer(asked, answer, changed=changed)
    return answer


def _notify_of_answer(asked: QuestionAsked, answer: Answer, *, changed: bool) -> None:
    """Write audit and activity. Notify the organisation's representatives at once if none of them
    answered."""
    record_question_event(
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
        notify_about_question(
            asked.question,
            representatives(asked.organisation),
            kind="answered_for_you",
            once=str(answer.uuid),
            actor=answer.person,
            organisation=asked.organisation,
            about=str(asked.organisation.uuid),
        )


# --- settle ---
# Jobs of questions: reminding organisations without an answer, fixing the outcome at the deadline.


def settle_question(key: str, _payload: dict[str, Any]) -> None:
    """Fix the outcome of the question with the UUID `key`, once its deadline has passed, and notify
    everyone asked and the coordinators. Idempotent. It also runs in a workspace archived meanwhile:
    the recorded answers count."""
    with transaction.atomic():
        question = _lock_due_question(key)
        if question is None or question.deadline > now():
            return
        tally = tally_of(question)
        outcome = outcome_of(
            tally, rule=question.rule, quorum_kind=question.quorum_kind, quorum=question.quorum
        )
        question.state, question.outcome, question.closed_at = QuestionState.SETTLED, outcome, now()
        question.save(update_fields=["state", "outcome", "closed_at"])
        record_question_event(
            question,
            action="question.settled",
            kind="question_settled",
            person=None,
            organisation=None,
            outcome=outcome.value,
        )
        asked = [
            one for row in question.asked.select_related("organisation") for one in people_who_may_answer(row)
        ]
        people = {person.pk: person for person in [*asked, *coordinators_in(question.workspace)]}
        notify_about_question(
            question,
            people.values(),
            kind="question_settled",
            once=str(question.uuid),
            outcome=outcome.value,
        )


def remind_of_question(key: str, _payload: dict[str, Any]) -> None:
    """Remind those who may answer for organisations without an answer. Running it twice sends once."""
    with transaction.atomic():
        question = _lock_due_question(key)
        if question is None or question.deadline <= now() or question.workspace.archived_at is not None:
            return
        answered = Answer.objects.filter(question=question, superseded_at=None).values("organisation")
        for row in question.asked.exclude(organisation__in=answered).select_related("organisation"):
            notify_about_question(
                question,
                people_who_may_answer(row),
                kind="question_reminder",
                once=f"{row.organisation_id}:{question.uuid}",
                about=str(row.organisation.uuid),
                deadline=question.deadline.isoformat(),
            )


def _lock_due_question(key: str) -> Question | None:
    rows = Question.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.filter(uuid=key, state=QuestionState.OPEN).first()
