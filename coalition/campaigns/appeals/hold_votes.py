"""What the words on a hold amount to. Pure.

A hold is released or set aside once two people of two organisations agree. From then on only later words
count, so that turning it round takes two again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

VOICES_NEEDED = 2  # organisations, and people


@dataclass(frozen=True)
class HoldVote:
    """One word. `person`: primary key, None where the account is gone since; `organisation`: primary key."""

    person: int | None
    organisation: int
    releases: bool


@dataclass(frozen=True)
class HoldTally:
    """`released`: what was decided last, None if nothing was. `open_votes`: words since, the newest of each
    organisation."""

    released: bool | None
    open_votes: tuple[HoldVote, ...]

    def voice_of(self, organisation: int) -> bool | None:
        """Return what the organisation said since the last decision; None if nothing."""
        return next((one.releases for one in self.open_votes if one.organisation == organisation), None)


def tally_of(votes: Iterable[HoldVote]) -> HoldTally:
    """Return the outcome of the words in the order in which they were given."""
    released: bool | None = None
    newest: dict[int, HoldVote] = {}
    for vote in votes:
        newest.pop(vote.organisation, None)
        newest[vote.organisation] = vote
        if _agree(newest.values(), releases=vote.releases):
            released, newest = vote.releases, {}
    return HoldTally(released, tuple(newest.values()))


def _agree(votes: Iterable[HoldVote], *, releases: bool) -> bool:
    agreeing = [one for one in votes if one.releases == releases]
    unknown = sum(one.person is None for one in agreeing)
    people = len({one.person for one in agreeing if one.person is not None}) + unknown
    return len(agreeing) >= VOICES_NEEDED and people >= VOICES_NEEDED
