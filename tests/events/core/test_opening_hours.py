"""Setting opening hours and who comes earlier."""

import datetime

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event, set_audience_times
from events.core.actions.times import set_hours
from events.core.enums import Audience
from events.core.forms.times import HoursForm
from events.core.models import OpeningHours, SpecialDay
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
    hours = [
        OpeningHours(weekday=1, opens=at(14), closes=at(19)),
        OpeningHours(weekday=1, opens=at(10), closes=at(13)),
        OpeningHours(weekday=2, opens=at(10), closes=at(13)),
    ]
    special = [
        SpecialDay(
            first=march(10), last=march(11), opens=at(12), closes=at(13), why={"en": " Short day ", "kk": ""}
        )
    ]
    set_hours(access=here.access(), event=event, hours=hours, special_days=special)
    assert [str(one) for one in event.hours.all()] == ["1 10:00-13:00", "1 14:00-19:00", "2 10:00-13:00"]
    assert event.special_days.get().why == {"en": "Short day"}


def test_setting_them_again_replaces_them_and_the_same_ones_change_nothing(here) -> None:
    event = exhibition(here.access())
    week = [
        OpeningHours(weekday=one.weekday, opens=one.opens, closes=one.closes) for one in event.hours.all()
    ]
    days = [
        SpecialDay(first=one.first, last=one.last, opens=one.opens, closes=one.closes, why=one.why)
        for one in event.special_days.all()
    ]
    same = set_hours(access=here.access(), event=event, hours=week, special_days=days)
    assert (same.sequence, same.changed_at) == (event.sequence, event.changed_at)
    other = set_hours(access=here.access(), event=event, hours=week[:1])
    assert (other.sequence, other.hours.count(), other.special_days.count()) == (1, 1, 0)


@pytest.mark.parametrize(
    "hours, special, words",
    [
        ([], [SpecialDay(first=march(7), last=march(8))], "outside"),
        ([], [SpecialDay(first=march(20), last=march(21))], "outside"),
        (
            [],
            [SpecialDay(first=march(10), last=march(12)), SpecialDay(first=march(12), last=march(13))],
            "over each other",
        ),
        (
            [],
            [
                SpecialDay(first=march(10), last=march(10)),
                SpecialDay(first=march(10), last=march(10), opens=at(10), closes=at(12)),
            ],
            "over each",
        ),
        (
            [],
            [
                SpecialDay(first=march(10), last=march(10), opens=at(10), closes=at(12)),
                SpecialDay(first=march(10), last=march(10), opens=at(11), closes=at(13)),
            ],
            "overlap",
        ),
    ],
)
def test_hours_that_contradict_each_other_are_refused(here, event, hours, special, words) -> None:
    with pytest.raises(Refused, match=words):
        set_hours(access=here.access(), event=event, hours=hours, special_days=special)
    assert not event.special_days.exists()


def test_rows_of_hours_are_checked_by_the_form(event) -> None:
    week = {"morning_opens_1": "12:00", "morning_closes_1": "12:00", "morning_opens_2": "10:00"}
    week |= {"morning_opens_3": "10:00", "morning_closes_3": "13:00"}
    week |= {"evening_opens_3": "12:00", "evening_closes_3": "15:00"}
    days = [("2026-03-11", "2026-03-10", "", ""), ("2026-03-10", "", "10:00", ""), ("", "", "12:00", "10:00")]
    rows = {
        f"special-{number}-{name}": value
        for number, row in enumerate(days)
        for name, value in zip(("first", "last", "opens", "closes"), row, strict=True)
    }
    sent = {**week, **rows, "special-TOTAL_FORMS": "3", "special-INITIAL_FORMS": "0"}
    form = HoursForm(QueryDict(urlencode(sent)), event=event)
    assert not form.is_valid()
    assert set(form.errors) == {"morning_closes_1", "morning_closes_2", "evening_opens_3"}
    form.specials.is_valid()
    assert [set(one.errors) for one in form.specials] == [{"last"}, {"closes"}, {"first"}]


def test_what_does_not_run_over_days_and_what_is_cancelled_has_no_hours(here, event) -> None:
    with pytest.raises(Refused, match="from which day"):
        set_hours(access=here.access(), event=planned(here.access()), hours=[])
    cancel_event(access=here.access(), event=event)
    with pytest.raises(Refused, match="cancelled"):
        set_hours(
            access=here.access(), event=event, hours=[OpeningHours(weekday=1, opens=at(10), closes=at(12))]
        )


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
