"""The outcome of a question: answers counted against its rule and quorum. No I/O."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents.resolutions.enums import AnswerKind, Outcome, QuestionRule, QuorumKind


@dataclass(frozen=True)
class Tally:
    """The number of organisations asked, and of each answer."""

    asked: int
    agree: int = 0
    reserve: int = 0
    abstain: int = 0
    object: int = 0

    @property
    def answered(self) -> int:
        return self.agree + self.reserve + self.abstain + self.object

    @property
    def for_it(self) -> int:
        """Return the number that agree, with reservation or without."""
        return self.agree + self.reserve

    @property
    def words(self) -> str:
        """Return the count as a sentence without plural forms."""
        return _(
            "Agree: %(agree)d. With reservation: %(reserve)d. Abstain: %(abstain)d. Object: %(object)d. "
            "No answer: %(silent)d."
        ) % {
            "agree": self.agree,
            "reserve": self.reserve,
            "abstain": self.abstain,
            "object": self.object,
            "silent": self.asked - self.answered,
        }


def tally_answers(asked: int, answers: Iterable[str]) -> Tally:
    """Count the current answers by kind."""
    kinds = Counter(answers)
    return Tally(
        asked=asked,
        agree=kinds[AnswerKind.AGREES],
        reserve=kinds[AnswerKind.RESERVES],
        abstain=kinds[AnswerKind.ABSTAINS],
        object=kinds[AnswerKind.OBJECTS],
    )


def answers_needed(asked: int, kind: str, quorum: int) -> int:
    """Return how many organisations must have answered. A share is rounded up; abstaining is an
    answer."""
    if kind == QuorumKind.SHARE:
        return -(-asked * quorum // 100)
    return quorum


def outcome_of(tally: Tally, *, rule: str, quorum_kind: str, quorum: int) -> Outcome:
    """Return the outcome of these answers. A silent organisation, frozen ones too, counts among
    those asked and never among those that agree."""
    if tally.answered < answers_needed(tally.asked, quorum_kind, quorum):
        return Outcome.NO_QUORUM
    if tally.object and rule != QuestionRule.MAJORITY:
        return Outcome.OBJECTION
    if not tally.for_it:
        return Outcome.NOBODY_AGREES
    if rule == QuestionRule.MAJORITY and tally.for_it <= tally.object:
        return Outcome.NO_MAJORITY
    if rule == QuestionRule.EVERYONE and tally.for_it < tally.asked:
        return Outcome.NOT_EVERYONE
    return Outcome.WITH_RESERVATIONS if tally.reserve else Outcome.ADOPTED
