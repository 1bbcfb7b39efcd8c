"""Setting opening hours and who comes earlier."""

import datetime

import pytest

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.announce import cancel_event
from events.core.actions.plan import set_audience_times
from events.core.actions.proposal import Hours, SpecialDays
from events.core.actions.times import set_hours
from events.core.enums import Audience
from events.models import Event
from tests.events.planning.builders import Stage, announced, exhibition, planned, press_conference, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage()


@pytest.fixture
def event(here: Stage) -> Event:
    return planned(here.access(), starts="2026-03-08", run=("2026-03-08", "2026-03-20"))


def at(hour: int) -> datetime.time:
    return datetime.time(hour)


def march(day: int) -> datetime.date:
    return datetime.date(2026, 3, day)


def test_a_week_with_a_break_at_noon_and_days_that_differ(here, event) -> None:
    hours = [Hours(1, at(14), at(19)), Hours(1, at(10), at(13)), Hours(2, at(10), at(13))]
    special = [SpecialDays(march(10), march(11), at(12), at(13), (("en", " Short day "), ("kk", "")))]
    set_hours(access=here.access(), event=event, hours=hours, special_days=special)
    assert [str(one) for one in event.hours.all()] == ["1 10:00-13:00", "1 14:00-19:00", "2 10:00-13:00"]
    assert event.special_days.get().why == {"en": "Short day"}


def test_setting_them_again_replaces_them_and_the_same_ones_change_nothing(here) -> None:
    event = exhibition(here.access())
    week = [Hours(one.weekday, one.opens, one.closes) for one in event.hours.all()]
    days = [
        SpecialDays(one.first, one.last, one.opens, one.closes, tuple(one.why.items()))
        for one in event.special_days.all()
    ]
    same = set_hours(access=here.access(), event=event, hours=week, special_days=days)
    assert (same.sequence, same.changed_at) == (event.sequence, event.changed_at)
    other = set_hours(access=here.access(), event=event, hours=week[:1])
    assert (other.sequence, other.hours.count(), other.special_days.count()) == (1, 1, 0)


@pytest.mark.parametrize(
    "hours, special, words",
    [
        ([Hours(7, at(10), at(12))], [], "seven days"),
        ([Hours(1, at(12), at(12))], [], "before it opens"),
        ([Hours(1, at(10), at(13)), Hours(1, at(12), at(15))], [], "overlap"),
        ([], [SpecialDays(march(11), march(10))], "lies before the first"),
        ([], [SpecialDays(march(7), march(8))], "outside"),
        ([], [SpecialDays(march(20), march(21))], "outside"),
        ([], [SpecialDays(march(10), march(10), at(10))], "both hours"),
        ([], [SpecialDays(march(10), march(10), at(12), at(10))], "before it opens"),
        ([], [SpecialDays(march(10), march(12)), SpecialDays(march(12), march(13))], "over each other"),
        (
            [],
            [SpecialDays(march(10), march(10)), SpecialDays(march(10), march(10), at(10), at(12))],
            "over each",
        ),
        (
            [],
            [
                SpecialDays(march(10), march(10), at(10), at(12)),
                SpecialDays(march(10), march(10), at(11), at(13)),
            ],
            "overlap",
        ),
    ],
)
def test_hours_that_contradict_each_other_are_refused(here, event, hours, special, words) -> None:
    with pytest.raises(Refused, match=words):
        set_hours(access=here.access(), event=event, hours=hours, special_days=special)
    assert not event.special_days.exists()


def test_what_does_not_run_over_days_and_what_is_cancelled_has_no_hours(here, event) -> None:
    with pytest.raises(Refused, match="from which day"):
        set_hours(access=here.access(), event=planned(here.access()), hours=[])
    cancel_event(access=here.access(), event=event)
    with pytest.raises(Refused, match="cancelled"):
        set_hours(access=here.access(), event=event, hours=[Hours(1, at(10), at(12))])


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_set_neither_hours_nor_audiences(here, event, role) -> None:
    with pytest.raises(NotAllowed):
        set_hours(access=here.access(role), event=event, hours=[])
    with pytest.raises(NotAllowed):
        set_audience_times(access=here.access(role), event=event, times={})


# Who comes earlier


EARLIER = {
    Audience.SPEAKERS: datetime.time(10, 15),
    Audience.VOLUNTEERS: datetime.time(9),
    Audience.CAMERAS: datetime.time(10, 30),
}


def test_speakers_volunteers_and_camera_crews_come_earlier(here) -> None:
    event = press_conference(here.access())
    for _twice in range(2):
        event = set_audience_times(access=here.access(), event=event, times=EARLIER)
    assert {one.audience: one.begins for one in event.audience_times.all()} == EARLIER
    assert event.sequence == 1
    fewer = set_audience_times(access=here.access(), event=event, times={})
    assert (fewer.sequence, fewer.audience_times.count()) == (2, 0)


def test_nobody_comes_after_the_end_or_to_a_whole_day(here) -> None:
    late = {Audience.CAMERAS: datetime.time(12, 30)}
    with pytest.raises(Refused, match="Camera crews would come after the end"):
        set_audience_times(access=here.access(), event=press_conference(here.access()), times=late)
    days = announced(here.access(), starts="2026-03-03", ends="2026-03-04")
    with pytest.raises(Refused, match="alike"):
        set_audience_times(access=here.access(), event=days, times=EARLIER)
