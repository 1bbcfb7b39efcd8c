"""What comes of answers, by rule and quorum."""

from collections import Counter

import pytest
from hypothesis import given, strategies as st

from documents.resolutions.models import AnswerKind, Outcome, QuestionRule, QuorumKind
from documents.resolutions.outcome import Tally, answers_needed, outcome_of


def decide(*answers: str, asked: int = 0, rule=QuestionRule.CONSENT, kind=QuorumKind.NUMBER, quorum=1):
    kinds = {"y": "agrees", "r": "reserves", "-": "abstains", "n": "objects"}
    tally = Tally(asked or len(answers), Counter(kinds[one] for one in answers))
    return outcome_of(tally, rule=rule, quorum_kind=kind, quorum=quorum)


@pytest.mark.parametrize(
    ("answers", "asked", "consent", "majority", "everyone"),
    [
        ("yyy", 3, Outcome.ADOPTED, Outcome.ADOPTED, Outcome.ADOPTED),
        ("yyr", 3, *[Outcome.WITH_RESERVATIONS] * 3),
        ("yy-", 3, Outcome.ADOPTED, Outcome.ADOPTED, Outcome.NOT_EVERYONE),
        ("yy", 3, Outcome.ADOPTED, Outcome.ADOPTED, Outcome.NOT_EVERYONE),
        ("yyn", 3, Outcome.OBJECTION, Outcome.ADOPTED, Outcome.OBJECTION),
        ("yn", 3, Outcome.OBJECTION, Outcome.NO_MAJORITY, Outcome.OBJECTION),
        ("--", 3, *[Outcome.NOBODY_AGREES] * 3),
        ("n", 3, Outcome.OBJECTION, Outcome.NOBODY_AGREES, Outcome.OBJECTION),
        ("", 3, *[Outcome.NO_QUORUM] * 3),
    ],
)
def test_each_rule(answers, asked, consent, majority, everyone):
    rules = (QuestionRule.CONSENT, QuestionRule.MAJORITY, QuestionRule.EVERYONE)
    assert [decide(*answers, asked=asked, rule=rule) for rule in rules] == [consent, majority, everyone]


def test_a_quorum_by_number_and_by_share():
    assert decide("y", "y", asked=9, quorum=3) == Outcome.NO_QUORUM
    assert decide("y", "y", "-", asked=9, quorum=3) == Outcome.ADOPTED  # abstaining is an answer
    assert answers_needed(7, QuorumKind.SHARE, 50) == 4
    assert answers_needed(7, QuorumKind.SHARE, 100) == 7
    assert decide("y", "y", "y", asked=7, kind=QuorumKind.SHARE, quorum=50) == Outcome.NO_QUORUM
    assert decide("y", "y", "y", "n", asked=7, kind=QuorumKind.SHARE, quorum=50) == Outcome.OBJECTION


@given(
    st.lists(st.sampled_from(AnswerKind.values), max_size=12),
    st.integers(0, 12),
    st.sampled_from(QuestionRule.values),
    st.integers(1, 12),
)
def test_silence_never_makes_anything_adopted(answers, silent, rule, quorum):
    """More organisations that say nothing never turn what is not adopted into something adopted."""

    def outcome(tally: Tally) -> Outcome:
        return outcome_of(tally, rule=rule, quorum_kind=QuorumKind.NUMBER, quorum=quorum)

    if outcome(Tally(len(answers) + silent, Counter(answers))).is_adopted:
        assert outcome(Tally(len(answers), Counter(answers))).is_adopted
        assert {"agrees", "reserves"} & set(answers)
