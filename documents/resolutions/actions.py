"""Questions put to organisations: one answer each, until a deadline, by a rule set in advance."""

import datetime
from collections.abc import Collection, Iterable
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
from documents.approval.actions.open_round import check_deadline, reminder_time
from documents.approval.permissions import check_answering
from documents.drafts.audit import OnBehalf
from documents.drafts.permissions import may_ask_question, require_that
from documents.drafts.queries import approvers_of, capacity_of, representatives
from documents.resolutions.models import (
    Answer,
    AnswerKind,
    Question,
    QuestionAsked,
    QuestionState,
    QuorumKind,
)
from documents.resolutions.outcome import (
    answers_needed,
    notify_about_question,
    outcome_of,
    record_question_event,
)
from documents.resolutions.queries import (
    SUBJECT,
    coordinators_in,
    current_answers,
    questions_asked_of,
    tally_of,
)

SETTLE_KIND = "question_deadline"
REMIND_KIND = "question_reminder"
FULL_PERCENT = 100  # per cent


def ask_question(
    *,
    access: Access,
    organisations: Collection[Organisation],
    rule: str,
    quorum_kind: str,
    quorum: int,
    deadline: datetime.datetime,
    **texts: str,
) -> Question:
    """Put the question (`texts`: `title` and `words`). Notify everyone who may answer for an organisation
    asked; remind them a day before the deadline; fix the outcome at the deadline.

    Raises NotAllowed without the right; Refused with a reason for an organisation that cannot be
    asked and a quorum that can never be reached; DeadlinePassed.
    """
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
        require_that(may_ask_question(access))
        moment, asked = now(), len(organisations)
        check_deadline(deadline)
        check_answering(access, organisations, media=_("Media partners are never asked to decide: %(name)s."))
        most = FULL_PERCENT if quorum_kind == QuorumKind.SHARE else asked
        if not 1 <= quorum <= most or answers_needed(asked, quorum_kind, quorum) > asked:
            raise Refused(
                _("This quorum can never be reached: %(asked)d organisations are asked."), asked=asked
            )
        known = Question.objects.filter(workspace=workspace).aggregate(highest=Max("number"))
        question = Question.objects.create(
            workspace=workspace,
            number=(known["highest"] or 0) + 1,
            rule=rule,
            quorum_kind=quorum_kind,
            quorum=quorum,
            deadline=deadline,
            asked_by=access.user,
            organisation=access.organisation,
            asked_at=moment,
            **{name: text.strip() for name, text in texts.items()},
        )
        rows = QuestionAsked.objects.bulk_create(
            QuestionAsked(question=question, organisation=organisation) for organisation in organisations
        )
        scheduler.schedule(kind=REMIND_KIND, key=str(question.uuid), due_at=reminder_time(deadline))
        scheduler.schedule(kind=SETTLE_KIND, key=str(question.uuid), due_at=deadline)
        record_question_event(question, access, "question.asked", "question_asked")
        _notify_of_deadline(question, rows, kind="question_asked", by=access)
    return question


def withdraw_question(*, access: Access, question: Question) -> Question:
    """Withdraw an open question before its deadline: it stays in the register, without an outcome. Raises
    NotAllowed without the right, Refused once it is decided or withdrawn."""
    with transaction.atomic():
        locked = lock_open_question(question)
        require_that(may_ask_question(access) and access.workspace.pk == locked.workspace_id)
        locked.state, locked.closed_at = QuestionState.TAKEN_BACK, now()
        locked.save(update_fields=["state", "closed_at"])
        scheduler.cancel(kind=SETTLE_KIND, key=str(locked.uuid))
        scheduler.cancel(kind=REMIND_KIND, key=str(locked.uuid))
        record_question_event(locked, access, "question.taken_back", "question_taken_back")
        people, once = _people_asked(locked), str(locked.uuid)
        notify_about_question(locked, people, kind="question_taken_back", once=once, by=access)
    return locked


def _people_asked(question: Question) -> list[User]:
    """Return everyone who may answer for an organisation asked; some several times."""
    asked = question.asked.select_related("organisation")
    return [one for row in asked for one in approvers_of(row.organisation, kind=SUBJECT)]


def lock_open_question(question: Question) -> Question:
    """Return the question, locked, while it can be answered. Raises Refused afterwards; the
    database's clock decides on the deadline."""
    locked = Question.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=question.pk)
    if locked.state != QuestionState.OPEN or locked.workspace.archived_at is not None:
        raise Refused(_("This question is closed: nothing can be answered any more."))
    if locked.deadline <= now():
        raise Refused(_("The deadline has passed: answers stand as they were given before it."))
    return locked


class ReasonMissing(Refused):
    """Raised for an objection or reservation without a text."""


def answer_question(
    *, question: Question, organisation: Organisation, kind: AnswerKind, words: str = "", person: User
) -> Answer:
    """Record the organisation's answer; it replaces the previous one.

    Notifies its representatives of an answer given by an alternate or mandate holder. Raises NotAllowed for
    anyone who may not decide for it, Refused after the deadline or if the question is closed, ReasonMissing.
    """
    words = words.strip()[:2000]
    if kind.needs_words and not words:
        raise ReasonMissing(_("Say in words what you object to or reserve, so that others can act on it."))
    with transaction.atomic():
        locked = lock_open_question(question)
        asked = questions_asked_of(person).filter(question=locked, organisation=organisation).first()
        if asked is None:
            raise NotAllowed
        capacity, moment = capacity_of(person, asked.organisation), now()
        before = current_answers(locked).filter(organisation=organisation)
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
        by = OnBehalf(person, organisation, capacity)
        record_question_event(
            locked, by, "question.answered", "question_answered", answer=answer.kind, changed=changed
        )
        if capacity != "representative":  # they are notified at once
            notify_about_question(
                locked,
                representatives(organisation),
                kind="answered_for_you",
                once=str(answer.uuid),
                by=by,
                about=str(organisation.uuid),
            )
    return answer


def settle_question(key: str, _payload: dict[str, Any]) -> None:
    """Fix the outcome of the question with the UUID `key`, once its deadline has passed, and notify
    everyone asked and the coordinators. Idempotent. It also runs in a workspace archived meanwhile:
    the recorded answers count."""
    with transaction.atomic():
        question = _lock_due_question(key)
        if question is None or question.deadline > now():
            return
        outcome = outcome_of(
            tally_of(question),
            rule=question.rule,
            quorum_kind=question.quorum_kind,
            quorum=question.quorum,
        )
        question.state, question.outcome, question.closed_at = QuestionState.SETTLED, outcome, now()
        question.save(update_fields=["state", "outcome", "closed_at"])
        record_question_event(question, None, "question.settled", "question_settled", outcome=outcome.value)
        people = [*_people_asked(question), *coordinators_in(question.workspace)]
        notify_about_question(
            question, people, kind="question_settled", once=str(question.uuid), outcome=outcome.value
        )


def remind_of_question(key: str, _payload: dict[str, Any]) -> None:
    """Remind those who may answer for organisations without an answer. Running it twice sends once."""
    with transaction.atomic():
        question = _lock_due_question(key)
        if question is None or question.deadline <= now() or question.workspace.archived_at is not None:
            return
        answered = current_answers(question).values("organisation")
        rows = question.asked.exclude(organisation__in=answered).select_related("organisation")
        _notify_of_deadline(question, rows, kind="question_reminder")


def _notify_of_deadline(
    question: Question, rows: Iterable[QuestionAsked], *, kind: str, by: Access | None = None
) -> None:
    """Notify everyone who may answer for these organisations of the question and its deadline."""
    for row in rows:
        notify_about_question(
            question,
            approvers_of(row.organisation, kind=SUBJECT),
            kind=kind,
            once=f"{row.organisation_id}:{question.uuid}",
            by=by,
            about=str(row.organisation.uuid),
            deadline=question.deadline.isoformat(),
        )


def _lock_due_question(key: str) -> Question | None:
    rows = Question.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.filter(uuid=key, state=QuestionState.OPEN).first()
