"""Outcome of a question, and what follows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.models import User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.notifications.notify import notify
from documents.drafts.audit import Acting
from documents.resolutions.models import AnswerKind, Outcome, Question, QuestionRule, QuorumKind


@dataclass(frozen=True)
class Tally:
    """The number of organisations asked, and of the current answers of each kind."""

    asked: int
    answers: Counter[str]

    @property
    def in_favour(self) -> int:
        """Return the number that agree, with reservation or without."""
        return self.answers[AnswerKind.AGREES] + self.answers[AnswerKind.RESERVES]

    @property
    def words(self) -> str:
        """Return the count as a sentence without plural forms."""
        return _(
            "Agree: %(agree)d. With reservation: %(reserve)d. Abstain: %(abstain)d. Object: %(object)d. "
            "No answer: %(silent)d."
        ) % {
            "agree": self.answers[AnswerKind.AGREES],
            "reserve": self.answers[AnswerKind.RESERVES],
            "abstain": self.answers[AnswerKind.ABSTAINS],
            "object": self.answers[AnswerKind.OBJECTS],
            "silent": self.asked - self.answers.total(),
        }


def answers_needed(asked: int, kind: str, quorum: int) -> int:
    """Return how many organisations must have answered; a share is rounded up, abstaining is an answer."""
    return -(-asked * quorum // 100) if kind == QuorumKind.SHARE else quorum


def outcome_of(tally: Tally, *, rule: str, quorum_kind: str, quorum: int) -> Outcome:
    """Return the outcome of these answers. A silent organisation, frozen ones too, counts among
    those asked and never among those that agree."""
    objections = tally.answers[AnswerKind.OBJECTS]
    if tally.answers.total() < answers_needed(tally.asked, quorum_kind, quorum):
        return Outcome.NO_QUORUM
    if objections and rule != QuestionRule.MAJORITY:
        return Outcome.OBJECTION
    if not tally.in_favour:
        return Outcome.NOBODY_AGREES
    if rule == QuestionRule.MAJORITY and tally.in_favour <= objections:
        return Outcome.NO_MAJORITY
    if rule == QuestionRule.EVERYONE and tally.in_favour < tally.asked:
        return Outcome.NOT_EVERYONE
    return Outcome.WITH_RESERVATIONS if tally.answers[AnswerKind.RESERVES] else Outcome.ADOPTED


def record_question_event(
    question: Question, by: Acting | None, action: str, kind: str, **detail: Any
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction."""
    person, organisation = (by.user, by.organisation) if by else (None, None)
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid if organisation else None,
        role=by.role if by else "",
        target_kind="question",
        target=question.uuid,
        workspace=question.workspace.uuid,
        number=question.number,
        **detail,
    )
    activity.record_activity(
        kind,
        workspace=question.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="question",
        subject=question.uuid,
        title=question.title,
        **detail,
    )


def notify_about_question(
    question: Question,
    people: Iterable[User],
    *,
    kind: str,
    once: str,
    by: Acting | None = None,
    **detail: Any,
) -> None:
    """Notify these people of a question, with or without a seat; the same `once` reaches a person once."""
    notified = notify(
        people=people,
        kind=kind,
        workspace=question.workspace,
        actor=by.user if by else None,
        organisation=by.organisation if by else None,
        subject_kind="question",
        subject=question.uuid,
        needs_drafts=False,
        once=f"{kind}:{once}"[:160],
        **detail,
    )
    for row in notified:
        live_push.push_counter(user_id=row.person_id, what="waiting")
