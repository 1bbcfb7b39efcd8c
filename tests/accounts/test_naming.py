"""The table of `coalition/accounts/naming.py`: who is told which organisation's name."""

import pytest

from coalition.accounts.models import Listing, Organisation
from coalition.accounts.naming import PUBLIC, Acquaintance, Viewer, display_mark_for, display_name_for

ITS_KEY, ANOTHER_KEY = 7, 8


def met(seated: int, *coordinated: int) -> Viewer:
    """Return somebody of another organisation who met these in a workspace."""
    found = Acquaintance(frozenset({seated}), frozenset(coordinated))
    return Viewer(signed_in=True, own=frozenset({ANOTHER_KEY}), find_met=lambda: found)


VIEWERS = {
    "everyone": PUBLIC,
    "member elsewhere": met(ANOTHER_KEY, ANOTHER_KEY),
    "seat beside it": met(ITS_KEY),
    "coordinator there": met(ITS_KEY, ITS_KEY),
    "its own people": Viewer(signed_in=True, own=frozenset({ITS_KEY})),
}
NAMED_TO = {
    Listing.PUBLIC: set(VIEWERS),
    Listing.WITHHELD: {"seat beside it", "coordinator there", "its own people"},
    Listing.CONFIDENTIAL: {"coordinator there", "its own people"},
}


def listed(listing: Listing) -> Organisation:
    return Organisation(pk=ITS_KEY, listing=listing, name_en="Canary name", initials="CN", code="K00007")


@pytest.mark.parametrize("listing", NAMED_TO)
def test_the_name_is_told_to_those_in_the_table(listing: Listing) -> None:
    organisation = listed(listing)
    names = {who: display_name_for(viewer, organisation) for who, viewer in VIEWERS.items()}
    assert {who for who, name in names.items() if name == "Canary name"} == NAMED_TO[listing]
    assert {who for who, name in names.items() if "Canary" in name} == NAMED_TO[listing]


@pytest.mark.parametrize("listing", NAMED_TO)
def test_the_mark_tells_no_more_than_the_name(listing: Listing) -> None:
    marks = {who: display_mark_for(viewer, listed(listing)) for who, viewer in VIEWERS.items()}
    assert {who for who, mark in marks.items() if not mark.withheld} == NAMED_TO[listing]
    assert {who for who, mark in marks.items() if mark.initials} == NAMED_TO[listing]


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_members_read_a_pseudonym_and_everyone_else_none(listing: Listing) -> None:
    assert "K00007" in display_name_for(VIEWERS["member elsewhere"], listed(listing))
    assert "K00007" not in display_name_for(PUBLIC, listed(listing))


def test_a_text_may_ask_for_less_and_never_for_more() -> None:
    beside = VIEWERS["seat beside it"]
    names = [
        display_name_for(beside, listed(own), listing=asked)
        for own, asked in ((Listing.WITHHELD, Listing.CONFIDENTIAL), (Listing.CONFIDENTIAL, Listing.PUBLIC))
    ]
    assert not any("Canary" in name for name in names)
