"""What the votes on a hold amount to. Pure.

A hold is released or set aside once two people of two organisations agree. From then on only later votes
count, so that turning it round takes two again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

VOTES_NEEDED: Final = 2  # of as many organisations and people


@dataclass(frozen=True)
class HoldVote:
    """One vote. `person`: primary key, None where the account is gone since; `organisation`: primary key."""

    person: int | None
    organisation: int
    releases: bool


@dataclass(frozen=True)
class HoldTally:
    """`open_votes`: since the last decision, the newest of each organisation. `agreed`: what two of them
    agree on, True to release; None if they do not."""

    agreed: bool | None
    open_votes: tuple[HoldVote, ...]

    def vote_of(self, organisation: int) -> bool | None:
        """Return how the organisation voted since the last decision; None if it did not."""
        return next((one.releases for one in self.open_votes if one.organisation == organisation), None)


def tally_of(votes: Iterable[HoldVote]) -> HoldTally:
    """Return the outcome of votes since the last decision, in the order in which they were given."""
    newest: dict[int, HoldVote] = {}
    for vote in votes:
        newest.pop(vote.organisation, None)
        newest[vote.organisation] = vote
    open_votes = tuple(newest.values())
    for releases in dict.fromkeys(vote.releases for vote in reversed(open_votes)):
        if _agree(open_votes, releases=releases):
            return HoldTally(releases, open_votes)
    return HoldTally(None, open_votes)


def _agree(votes: Iterable[HoldVote], *, releases: bool) -> bool:
    agreeing = [one for one in votes if one.releases == releases]
    unknown = sum(one.person is None for one in agreeing)
    people = len({one.person for one in agreeing if one.person is not None}) + unknown
    return len(agreeing) >= VOTES_NEEDED and people >= VOTES_NEEDED
