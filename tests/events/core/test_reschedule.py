"""Moving an event, and one of its dates."""

import datetime

import pytest

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import (
    cancel_event,
    change_event,
    move_event,
    place_input_for,
    set_audience_times,
)
from events.core.actions.times import (
    EventPlaceInput,
    EventTextInput,
    add_date,
    exclude_date,
    move_occurrence,
    restore_date,
    times_of,
)
from events.core.enums import Audience, EventState, Frequency
from events.core.facts import RecurrenceRule
from events.core.occurrences import occurrences
from events.models import Event
from tests.events.planning.builders import Stage, announced, planned, stage, times_from

pytestmark = pytest.mark.django_db

LATER = times_from("2026-03-05 15:00", "2026-03-05 16:00")


@pytest.fixture
def here() -> Stage:
    return stage()


def day(words: str) -> datetime.date:
    return datetime.date.fromisoformat(words)


def test_a_told_event_moves_and_remembers_when_it_was_first_told(here) -> None:
    event = move_event(access=here.access(), event=announced(here.access()), times=LATER)
    event.refresh_from_db()
    assert (event.state, event.sequence) == (EventState.MOVED, 1)
    assert event.moved_from == {"starts_on": "2026-03-03", "starts_at_time": "11:00"}
    again = move_event(access=here.access(), event=event, times=times_from("2026-03-06", "2026-03-06"))
    assert (again.sequence, again.starts_at_time) == (2, None)
    assert again.moved_from == {"starts_on": "2026-03-03", "starts_at_time": "11:00"}


@pytest.mark.parametrize(
    "starts, ends, speakers",
    [
        ("2026-03-05 11:30", "2026-03-05 12:30", ["10:45"]),
        ("2026-03-03 09:00", "2026-03-03 10:00", ["08:15"]),
        ("2026-03-03 00:30", "2026-03-03 02:00", ["00:00"]),  # not the day before
        ("2026-03-05", "2026-03-05", []),  # a whole day begins for all alike
    ],
)
def test_who_comes_earlier_comes_as_long_before_the_new_time(here, starts, ends, speakers) -> None:
    event = announced(here.access())
    set_audience_times(access=here.access(), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)})
    moved = move_event(access=here.access(), event=event, times=times_from(starts, ends))
    assert [f"{one.begins:%H:%M}" for one in moved.audience_times.all()] == speakers


def test_so_they_do_when_a_plan_changes(here) -> None:
    event = planned(here.access())
    set_audience_times(access=here.access(), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)})
    changed = change_event(
        access=here.access(),
        event=event,
        kind=event.kind,
        texts={},
        place=place_input_for(event),
        handling=event.handling,
        times=LATER,
    )
    assert [f"{one.begins:%H:%M}" for one in changed.audience_times.all()] == ["14:15"]


def test_it_moves_to_another_place_alone(here) -> None:
    event = announced(here.access())
    texts = {text.language: EventTextInput(title=text.title, place="New hall") for text in event.texts.all()}
    moved = move_event(access=here.access(), event=event, place=EventPlaceInput("KZ-71"), texts=texts)
    assert (moved.state, moved.sequence, moved.moved_from, moved.region) == ("moved", 1, None, "KZ-71")


def test_it_does_not_move_to_nowhere(here) -> None:
    event = announced(here.access())
    texts = {text.language: EventTextInput(title=text.title) for text in event.texts.all()}
    with pytest.raises(Refused, match="Say where"):
        move_event(access=here.access(), event=event, place=EventPlaceInput(), texts=texts)


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not(here, role) -> None:
    event = announced(here.access())
    with pytest.raises(NotAllowed):
        move_event(access=here.access(role), event=event, times=LATER)


def test_one_that_nobody_heard_of_a_cancelled_one_and_the_same_time_are_refused(here) -> None:
    access = here.access()
    with pytest.raises(Refused, match="Nobody was told"):
        move_event(access=access, event=planned(access), times=LATER)
    with pytest.raises(Refused, match="cancelled"):
        move_event(access=access, event=cancel_event(access=access, event=announced(access)), times=LATER)
    event = announced(access)
    with pytest.raises(Refused, match="already"):
        move_event(
            access=access,
            event=event,
            times=times_from("2026-03-03 11:00", "2026-03-03 12:00"),
            place=place_input_for(event),
        )
    event.refresh_from_db()
    assert event.state == EventState.ANNOUNCED


# One date of several


WEEKLY = RecurrenceRule(Frequency.WEEKLY, until=datetime.date(2026, 3, 31))


def dates(event: Event) -> list[str]:
    event.refresh_from_db()
    first, last = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2025, 2028))
    return [f"{one.local_start:%m-%d %H}" for one in occurrences(times_of(event), first, last)]


def test_a_date_is_left_out_and_taken_back(here) -> None:
    event = announced(here.access(), rule=WEEKLY)
    for _twice in range(2):
        exclude_date(access=here.access(), event=event, on=day("2026-03-10"))
    assert dates(event) == ["03-03 11", "03-17 11", "03-24 11", "03-31 11"]
    assert (event.sequence, event.state) == (1, EventState.ANNOUNCED)
    restore_date(access=here.access(), event=event, on=day("2026-03-10"))
    assert len(dates(event)) == 5
    assert event.sequence == 2


def test_a_date_moves_and_moves_again_and_back(here) -> None:
    event = announced(here.access(), rule=WEEKLY)
    seventeenth, time = day("2026-03-17"), datetime.time(15)
    move_occurrence(
        access=here.access(), event=event, on=seventeenth, to_date=day("2026-03-18"), to_time=time
    )
    assert dates(event)[2] == "03-18 15"
    move_occurrence(access=here.access(), event=event, on=seventeenth, to_date=day("2026-04-20"))
    assert dates(event)[-1] == "04-20 11"
    assert event.lasts_until == datetime.datetime(2026, 4, 20, 7, tzinfo=datetime.UTC)
    move_occurrence(access=here.access(), event=event, on=seventeenth, to_date=seventeenth)
    assert dates(event)[2] == "03-17 11"
    assert not event.exceptions.exists()


def test_a_date_is_added_and_left_out_again(here) -> None:
    event = announced(here.access(), rule=WEEKLY)
    add_date(access=here.access(), event=event, on=day("2026-04-02"))
    assert dates(event)[-1] == "04-02 11"
    exclude_date(access=here.access(), event=event, on=day("2026-04-02"))
    assert dates(event)[-1] == "03-31 11"
    with pytest.raises(Refused, match="already"):
        add_date(access=here.access(), event=event, on=day("2026-03-24"))


def test_a_day_that_is_no_date_and_an_event_that_is_once_are_refused(here) -> None:
    event = announced(here.access(), rule=WEEKLY)
    with pytest.raises(Refused, match="4 March 2026 is none"):
        exclude_date(access=here.access(), event=event, on=day("2026-03-04"))
    with pytest.raises(Refused, match="does not come again"):
        exclude_date(access=here.access(), event=announced(here.access()), on=day("2026-03-03"))


def test_the_last_date_cannot_be_left_out(here) -> None:
    event = announced(here.access(), rule=RecurrenceRule(Frequency.WEEKLY, until=day("2026-03-10")))
    exclude_date(access=here.access(), event=event, on=day("2026-03-03"))
    with pytest.raises(Refused, match="cancel the event"):
        exclude_date(access=here.access(), event=event, on=day("2026-03-10"))
    assert dates(event) == ["03-10 11"]


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not_touch_a_date(here, role) -> None:
    event = announced(here.access(), rule=WEEKLY)
    with pytest.raises(NotAllowed):
        exclude_date(access=here.access(role), event=event, on=day("2026-03-10"))


def test_dates_that_another_rule_does_not_give_no_longer_differ(here) -> None:
    event = announced(here.access(), rule=WEEKLY)
    exclude_date(access=here.access(), event=event, on=day("2026-03-10"))
    exclude_date(access=here.access(), event=event, on=day("2026-03-17"))
    fortnightly = RecurrenceRule(Frequency.WEEKLY, 2, until=day("2026-03-31"))
    times = times_from("2026-03-03 11:00", "2026-03-03 12:00", rule=fortnightly)
    move_event(access=here.access(), event=event, times=times)
    assert dates(event) == ["03-03 11", "03-31 11"]
    assert [str(one.on) for one in event.exceptions.all()] == ["2026-03-17"]
