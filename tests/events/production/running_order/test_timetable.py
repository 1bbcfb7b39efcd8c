"""When items of a running order begin, what a change pushes, and where the day stands."""

import datetime

import pytest

from events.production.running_order.queries import PlannedItem, day_progress, timetable

BEGINS = datetime.datetime(2026, 3, 3, 11, 0, tzinfo=datetime.UTC)


def at(clock: str) -> datetime.datetime:
    return datetime.datetime.combine(BEGINS.date(), datetime.time.fromisoformat(clock), tzinfo=datetime.UTC)


def starts(*items: PlannedItem, now: str = "") -> list[str]:
    slots = timetable(BEGINS, items, at(now) if now else None)
    return [f"{slot.starts:%H:%M}" for slot in slots]


def test_each_begins_when_the_one_before_ends() -> None:
    assert starts(PlannedItem(10), PlannedItem(5), PlannedItem(20)) == ["11:00", "11:10", "11:15"]


def test_longer_minutes_push_what_follows() -> None:
    assert starts(PlannedItem(25), PlannedItem(5), PlannedItem(20)) == ["11:00", "11:25", "11:30"]


def test_a_fixed_time_is_waited_for_and_said_to_be_late_when_it_is() -> None:
    items = [PlannedItem(10), PlannedItem(5, pinned=at("11:30")), PlannedItem(5)]
    slots = timetable(BEGINS, items)
    assert [f"{slot.starts:%H:%M}" for slot in slots] == ["11:00", "11:30", "11:35"]
    assert slots[1].free == datetime.timedelta(minutes=20)
    assert slots[1].late == datetime.timedelta()
    late = timetable(BEGINS, [PlannedItem(40), *items[1:]])
    assert f"{late[1].starts:%H:%M}" == "11:40"
    assert late[1].late == datetime.timedelta(minutes=10)
    assert late[1].free == datetime.timedelta()


def test_what_really_began_pushes_the_rest() -> None:
    items = [PlannedItem(10, began=at("11:07")), PlannedItem(5), PlannedItem(5)]
    assert starts(*items, now="11:08") == ["11:07", "11:17", "11:22"]


def test_what_runs_over_its_minutes_pushes_by_the_minute() -> None:
    items = [PlannedItem(10, began=at("11:00")), PlannedItem(5), PlannedItem(5)]
    assert starts(*items, now="11:14") == ["11:00", "11:14", "11:19"]


def test_the_end_of_what_is_over_is_when_the_next_began() -> None:
    items = [PlannedItem(10, began=at("11:00")), PlannedItem(5, began=at("11:04"))]
    assert timetable(BEGINS, items, at("11:05"))[0].ends == at("11:04")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("10:30", (None, 0)),
        ("11:05", (0, 1)),
        ("11:12", (1, 2)),
        ("11:19", (2, None)),
        ("12:00", (None, None)),
    ],
)
def test_without_a_word_the_clock_says_where_the_day_stands(now: str, expected: tuple) -> None:
    found = day_progress(BEGINS, [PlannedItem(10), PlannedItem(5), PlannedItem(5)], at(now))
    assert (found.now, found.next) == expected


def test_what_was_said_to_begin_counts_more_than_the_clock() -> None:
    items = [PlannedItem(10, began=at("11:00")), PlannedItem(5, began=at("11:22")), PlannedItem(5)]
    found = day_progress(BEGINS, items, at("11:23"))
    assert (found.now, found.next) == (1, 2)
    assert found.behind == datetime.timedelta(minutes=12)


def test_a_break_before_a_fixed_time_makes_up_for_delay() -> None:
    items = [PlannedItem(10, began=at("11:08")), PlannedItem(5, pinned=at("11:30"))]
    assert day_progress(BEGINS, items, at("11:09")).behind == datetime.timedelta()


def test_at_the_last_item_the_end_is_what_is_behind() -> None:
    found = day_progress(BEGINS, [PlannedItem(10), PlannedItem(5, began=at("11:20"))], at("11:21"))
    assert (found.now, found.next) == (1, None)
    assert found.behind == datetime.timedelta(minutes=10)
