"""What votes on a hold amount to."""

from collections.abc import Iterable

import pytest
from hypothesis import given, strategies as st

from coalition.campaigns.appeals.hold_votes import HoldVote, tally_of

RELEASE, ASIDE = True, False


def votes(*given: tuple[int | None, int, bool]) -> Iterable[HoldVote]:
    return [HoldVote(*one) for one in given]


@pytest.mark.parametrize(
    ("given", "agreed"),
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
def test_two_people_of_two_organisations_decide(given, agreed):
    assert tally_of(votes(*given)).agreed is agreed


def test_of_two_pairs_that_agree_the_later_one_decides():
    """Where a frozen organisation comes back, both sides can have two."""
    release, aside = [(1, 10, RELEASE), (2, 20, RELEASE)], [(3, 30, ASIDE), (4, 40, ASIDE)]
    assert tally_of(votes(*release, *aside)).agreed is False
    assert tally_of(votes(*aside, *release)).agreed is True


def test_the_newest_vote_of_each_organisation_is_open():
    tally = tally_of(votes((1, 10, RELEASE), (2, 20, ASIDE), (1, 10, ASIDE), (1, 20, RELEASE)))
    assert {one.organisation: one.releases for one in tally.open_votes} == {10: ASIDE, 20: RELEASE}
    assert (tally.vote_of(10), tally.vote_of(20), tally.vote_of(30)) == (False, True, None)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.booleans()), max_size=12))
def test_nobody_decides_alone(given):
    """However often one person, or one organisation, votes."""
    alone = [(1, organisation, releases) for _person, organisation, releases in given]
    one_organisation = [(person, 1, releases) for person, _organisation, releases in given]
    assert tally_of(votes(*alone)).agreed is None
    assert tally_of(votes(*one_organisation)).agreed is None
