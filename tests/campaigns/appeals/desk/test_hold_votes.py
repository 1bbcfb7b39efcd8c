"""What words on a hold amount to."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.campaigns.appeals.hold_votes import HoldVote, tally_of

RELEASE, ASIDE = True, False


def votes(*words: tuple[int | None, int, bool]) -> Iterable[HoldVote]:
    return [HoldVote(*word) for word in words]


@pytest.mark.parametrize(
    ("words", "released"),
    [
        ([], None),
        ([(1, 10, RELEASE)], None),
        ([(1, 10, RELEASE), (2, 20, RELEASE)], True),
        ([(1, 10, ASIDE), (2, 20, ASIDE)], False),
        ([(1, 10, RELEASE), (2, 20, ASIDE)], None),
        ([(1, 10, RELEASE), (2, 10, RELEASE)], None),  # one organisation
        ([(1, 10, RELEASE), (1, 20, RELEASE)], None),  # one person with two seats
        ([(1, 10, RELEASE), (1, 10, ASIDE), (2, 20, RELEASE)], None),  # the newest of each counts
        ([(1, 10, RELEASE), (2, 20, ASIDE), (3, 30, ASIDE)], False),
        ([(None, 10, RELEASE), (None, 20, RELEASE)], True),  # both accounts are gone since
    ],
)
def test_two_people_of_two_organisations_decide(words, released):
    assert tally_of(votes(*words)).released is released


def test_turning_it_round_takes_two_again():
    released = [(1, 10, RELEASE), (2, 20, RELEASE)]
    assert tally_of(votes(*released, (3, 30, ASIDE))).released is True
    turned = [*released, (3, 30, ASIDE), (4, 40, ASIDE)]
    assert tally_of(votes(*turned)).released is False
    # Words from before the last decision do not count a second time.
    assert tally_of(votes(*turned, (1, 10, RELEASE))).released is False
    assert tally_of(votes(*turned, (1, 10, RELEASE), (2, 20, RELEASE))).released is True


def test_the_open_words_are_those_since_the_last_decision():
    tally = tally_of(votes((1, 10, RELEASE), (2, 20, RELEASE), (3, 30, ASIDE)))
    assert [one.organisation for one in tally.open_votes] == [30]
    assert (tally.voice_of(30), tally.voice_of(10)) == (False, None)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.booleans()), max_size=12))
def test_nobody_decides_alone(words):
    """However often one person, or one organisation, speaks."""
    alone = [(1, organisation, releases) for _person, organisation, releases in words]
    one_organisation = [(person, 1, releases) for person, _organisation, releases in words]
    assert tally_of(votes(*alone)).released is None
    assert tally_of(votes(*one_organisation)).released is None
