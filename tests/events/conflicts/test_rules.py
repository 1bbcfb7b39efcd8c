"""What gets in each other's way, and when nothing would: pure."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from events.conflicts.rules import Reason, Slot, clashes_of, first_clashes, free_times, reasons_of

ALMATY = ZoneInfo("Asia/Almaty")
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 3, day, hour, minute, tzinfo=ALMATY)


def slot(day: int, begins: int, ends: int, thing: object = "other", **given: object) -> Slot:
    return Slot(at(day, begins), at(day, ends), thing, **given)


MINE = slot(12, 15, 17, "mine", region="KZ-79", organisations=frozenset({1}))


def test_the_same_region_at_the_same_hour():
    other = slot(12, 16, 18, region="KZ-79")
    assert [one.reasons for one in clashes_of([MINE], [other])] == [(Reason.PLACE,)]


@pytest.mark.parametrize("begins, ends", [(13, 15), (17, 18)])
def test_what_only_touches_is_no_clash(begins, ends):
    assert clashes_of([MINE], [slot(12, begins, ends, region="KZ-79")]) == []


def test_a_moment_clashes_with_what_holds_it():
    assert MINE.crosses(at(12, 16), at(12, 16))
    assert not MINE.crosses(at(12, 18), at(12, 18))


def test_another_region_is_none_but_the_same_organisation_is():
    assert reasons_of(MINE, slot(12, 15, 17, region="KZ-75", organisations=frozenset({2}))) == ()
    assert reasons_of(MINE, slot(12, 15, 17, region="KZ-75", organisations=frozenset({1, 2}))) == (
        Reason.ORGANISATION,
    )


def test_what_has_no_region_shares_none():
    nowhere = slot(12, 15, 17, "mine", region="")
    assert reasons_of(nowhere, slot(12, 15, 17, region="")) == ()


def test_a_busy_partner_counts_wherever_it_is_but_not_aloud():
    busy = slot(12, 10, 20, region="KZ-47", reason=Reason.PARTNER)
    (clash,) = clashes_of([MINE], [busy])
    assert clash.reasons == (Reason.PARTNER,)
    assert not clash.is_loud


@pytest.mark.parametrize(
    "region, reasons", [("", (Reason.SITTING,)), ("KZ-79", (Reason.SITTING,)), ("KZ-71", ())]
)
def test_a_sitting_counts_in_its_region_or_everywhere(region, reasons):
    assert reasons_of(MINE, slot(12, 15, 17, region=region, reason=Reason.SITTING)) == reasons


def test_the_month_marks_both_sides_and_no_event_against_itself():
    weekly = [slot(day, 15, 17, "weekly", region="KZ-79") for day in (12, 12, 19)]
    other = slot(12, 16, 18, "other", region="KZ-79")
    apart = slot(13, 16, 18, "apart", region="KZ-79")
    found = first_clashes([*weekly, other, apart])
    assert {one.thing for one in found} == {"weekly", "other"}
    assert {one.starts_at.day for one in found} == {12}
    assert first_clashes(weekly) == {}


def test_a_long_slot_stays_open_behind_short_ones():
    long = slot(12, 9, 20, "long", region="KZ-79")
    found = first_clashes(
        [long, slot(12, 10, 11, "short", region="KZ-75"), slot(12, 18, 19, "late", region="KZ-79")]
    )
    assert {one.thing for one in found} == {"long", "late"}


def free(*others: Slot, mine: Slot = MINE, **given: object) -> list[datetime.datetime]:
    given = {"zone": ALMATY, "not_before": LONG_AGO, **given}
    return free_times([mine], list(others), **given)


def test_free_times_are_near_one_the_same_day_and_the_next_days_at_the_same_hour():
    forum = slot(12, 14, 18, region="KZ-79")
    # 12 March 2026 is a Thursday: the weekend is not offered.
    assert free(forum) == [at(12, 12), at(13, 15), at(16, 15)]


def test_no_free_time_is_in_the_way_of_anything():
    others = [slot(day, 8, 23, region="KZ-79") for day in range(12, 17)]
    found = free(*others)
    assert found == [at(17, 15), at(18, 15), at(19, 15)]


def test_no_free_time_on_public_holidays():
    eve = slot(20, 15, 17, "mine", region="KZ-79")  # Friday before Nauryz, which lasts to Wednesday
    found = free(slot(20, 8, 23, region="KZ-79"), mine=eve)
    assert min(found) == at(26, 15)


def test_no_free_time_at_night_or_in_the_past():
    forum = slot(12, 14, 18, region="KZ-79")
    found = free(forum, not_before=at(12, 13))
    assert all(9 <= one.hour <= 20 for one in found)
    assert min(found) == at(12, 18)


def test_what_comes_again_keeps_its_days():
    found = free(slot(12, 14, 18, region="KZ-79"), moves_days=False)
    assert {one.date() for one in found} == {datetime.date(2026, 3, 12)}
    assert len(found) == 3
