"""Two people count, of two organisations where the region has two; nothing counts before they agree."""

import datetime
from dataclasses import dataclass

import pytest

from coalition.campaigns.core.double_count import CountMethod, CountState, check_new_count, count_result
from coalition.core.errors import Refused

MOMENT = datetime.datetime(2026, 3, 8, 19, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@dataclass
class Entry:
    person_id: int | None
    organisation_id: int
    count: int
    method: str = CountMethod.AT_HAND
    at: datetime.datetime = MOMENT
    replaced_at: datetime.datetime | None = None


def refusal(*entries: Entry, **new: object) -> str:
    """The words of the refusal of a second person's count, "" if it is taken."""
    values: dict[str, object] = {"person": 2, "organisation": 20, "count": 63, "method": CountMethod.AT_HAND}
    values |= {"needs_two_organisations": True, "at": MOMENT + HOUR} | new
    try:
        check_new_count(entries, **values)  # type: ignore[arg-type]  # values of several types
    except Refused as refused:
        return str(refused.message)
    return ""


def test_one_person_alone_settles_nothing() -> None:
    assert count_result([]).state == CountState.NOT_COUNTED
    alone = count_result([Entry(1, 10, 63)])
    assert (alone.state, alone.count) == (CountState.WAITING, None)
    assert alone.read_back_until == MOMENT + 72 * HOUR


def test_two_who_agree_settle_it_and_nobody_changes_it() -> None:
    both = [Entry(1, 10, 63), Entry(2, 20, 63)]
    assert count_result(both).count == 63
    for person in (1, 2, 3):
        assert "cannot be changed" in refusal(*both, person=person, organisation=30, count=64)


def test_a_difference_counts_nothing_until_one_of_the_two_counts_again() -> None:
    differing = [Entry(1, 10, 63), Entry(2, 20, 64)]
    assert count_result(differing).state == CountState.DIFFERENT
    assert count_result(differing).count is None
    assert "settle the difference" in refusal(*differing, person=3, organisation=30)
    assert refusal(*differing, person=2) == ""
    differing[1].replaced_at = MOMENT
    assert count_result([*differing, Entry(2, 20, 63)]).count == 63


def test_the_same_person_twice_is_one() -> None:
    first = Entry(2, 20, 60)
    assert refusal(first, count=63) == ""
    first.replaced_at = MOMENT
    assert count_result([first, Entry(2, 20, 63)]).state == CountState.WAITING


def test_two_organisations_where_the_region_has_two() -> None:
    assert "of your organisation" in refusal(Entry(1, 20, 63))
    assert "Another organisation is in this region" in refusal(
        Entry(1, 10, 63), method=CountMethod.BY_TELEPHONE
    )
    assert refusal(Entry(1, 10, 63)) == ""


@pytest.mark.parametrize(("hours", "taken"), [(71, True), (72, True), (73, False)])
def test_elsewhere_a_second_person_by_telephone_within_72_hours(hours: int, taken: bool) -> None:
    words = refusal(
        Entry(1, 20, 63),
        method=CountMethod.BY_TELEPHONE,
        needs_two_organisations=False,
        at=MOMENT + hours * HOUR,
    )
    assert (words == "") is taken
    settled = count_result([Entry(1, 20, 63), Entry(2, 20, 63, CountMethod.BY_TELEPHONE)])
    assert (settled.count, settled.by_telephone) == (63, True)


def test_where_an_organisation_is_alone_its_second_person_does_not_count_at_the_table() -> None:
    assert "by telephone" in refusal(Entry(1, 20, 63), needs_two_organisations=False)
    assert "with the papers" in refusal(method=CountMethod.BY_TELEPHONE, needs_two_organisations=False)


def test_a_number_that_cannot_be_is_refused() -> None:
    assert "between 0 and" in refusal(count=100_001)
    assert "between 0 and" in refusal(count=-1)
