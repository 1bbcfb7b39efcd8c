"""What an event derives from local times, and which times contradict each other."""

import datetime

import pytest

from coalition.core.errors import Refused
from events.core.actions.times import set_event_times, times_input_for, times_of
from events.core.enums import EventKind, Frequency
from events.core.facts import RecurrenceRule
from events.core.forms.times import TimesForm
from events.models import Event
from tests.events.planning.builders import exhibition, planned, times_from

UTC = datetime.UTC


def settled(starts: str, ends: str = "", **given: object) -> Event:
    event = Event()
    set_event_times(event, times_from(starts, ends, **given))
    return event


@pytest.mark.parametrize(
    "zone, moment",
    [
        ("Asia/Almaty", "2026-03-03T06:00"),
        ("Asia/Aqtau", "2026-03-03T06:00"),
        ("UTC", "2026-03-03T11:00"),
        ("America/New_York", "2026-03-03T16:00"),
    ],
)
def test_a_time_on_the_wall_is_a_moment(zone, moment) -> None:
    event = settled("2026-03-03 11:00", "2026-03-03 12:00", zone=zone)
    assert event.starts_at == datetime.datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert event.lasts_until == event.ends_at == event.starts_at + datetime.timedelta(hours=1)
    assert event.local_start.replace(tzinfo=None) == datetime.datetime.fromisoformat("2026-03-03T11:00")


def test_almaty_before_and_after_its_change() -> None:
    assert settled("2024-02-29 11:00", "2024-02-29 12:00").starts_at.hour == 5
    assert settled("2024-03-01 11:00", "2024-03-01 12:00").starts_at.hour == 6


def test_without_a_time_it_lasts_whole_days_and_without_an_end_it_is_a_moment() -> None:
    days = settled("2026-03-03", "2026-03-04")
    assert days.ends_at - days.starts_at == datetime.timedelta(days=2)
    assert times_of(days).end == datetime.date(2026, 3, 5)
    assert days.all_day
    deadline = settled("2026-03-03 18:00")
    assert deadline.starts_at == deadline.ends_at


def test_over_midnight() -> None:
    night = settled("2026-03-03 22:00", "2026-03-04 02:00")
    assert night.ends_at - night.starts_at == datetime.timedelta(hours=4)


@pytest.mark.parametrize(
    "rule, until",
    [
        (RecurrenceRule(Frequency.WEEKLY, until=datetime.date(2026, 3, 20)), "2026-03-17T07:00"),
        (RecurrenceRule(Frequency.DAILY, 2, until=datetime.date(2026, 3, 6)), "2026-03-05T07:00"),
        (RecurrenceRule(Frequency.MONTHLY), None),
    ],
)
def test_how_long_one_lasts_that_comes_again(rule, until) -> None:
    event = settled("2026-03-03 11:00", "2026-03-03 12:00", rule=rule)
    expected = datetime.datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert event.lasts_until == expected


@pytest.mark.parametrize(
    "times, words",
    [
        (times_from("2026-03-03 11:00", zone="Asia/Atlantis"), "no time zone"),
        (times_from("2026-03-03 11:00", zone="../etc/passwd"), "no time zone"),
        (times_from("0026-03-03 11:00"), "too far away"),
        (times_from("2026-03-03", run=("2026-03-09", "2046-03-08")), "more than ten years"),
        (
            times_from("2026-03-03", run=("2026-03-04", "2026-03-08"), rule=RecurrenceRule(Frequency.DAILY)),
            "opening hours instead",
        ),
        (
            times_from("2026-03-03", rule=RecurrenceRule(Frequency.DAILY, until=datetime.date(2046, 3, 2))),
            "more than ten years",
        ),
    ],
)  # fmt: skip
def test_times_that_no_event_can_have_are_refused_in_words(times, words) -> None:
    with pytest.raises(Refused) as refused:
        set_event_times(Event(), times)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "given, field, words",
    [
        ({"ends_at_time": "10:00"}, "ends_at_time", "ends before it begins"),
        ({"ends_on": "2026-03-02", "ends_at_time": "12:00"}, "ends_on", "before the first"),
        ({"run_from": "2026-03-09", "run_until": "2026-03-08"}, "run_until", "before the first"),
        ({"run_from": "2026-03-09"}, "run_until", "the last day as well"),
        ({"run_until": "2026-03-09"}, "run_from", "the first day as well"),
        ({"frequency": "DAILY", "interval": "0"}, "interval", "greater than or equal to 1"),
        ({"frequency": "WEEKLY", "weekdays": ["7"]}, "weekdays", "7 is not one of"),
        ({"frequency": "DAILY", "repeat_until": "2026-03-02"}, "repeat_until", "before the first"),
    ],
)
def test_times_that_contradict_each_other_are_said_beside_the_field(given, field, words) -> None:
    class ExhibitionTimesForm(TimesForm):
        def kind_in(self, cleaned: dict[str, object]) -> str:
            return EventKind.EXHIBITION

    data = {"starts_on": "2026-03-03", "starts_at_time": "11:00", "zone": "Asia/Almaty", **given}
    form = ExhibitionTimesForm(data)
    assert words in " ".join(form.errors[field])


def test_the_first_date_is_the_first_of_the_weekdays_ticked() -> None:
    data = {"starts_on": "2026-03-03", "starts_at_time": "11:00", "zone": "Asia/Almaty"}
    form = TimesForm({**data, "frequency": "WEEKLY", "weekdays": ["0", "3"]})
    assert form.is_valid()
    assert form.times.starts_on == datetime.date(2026, 3, 5)


@pytest.mark.django_db
def test_an_exhibition_lasts_until_the_end_of_its_run_and_tells_its_hours() -> None:
    event = exhibition()
    assert event.lasts_until == datetime.datetime(2026, 4, 30, 19, tzinfo=UTC)
    run = times_of(event, "kk").run
    assert run is not None
    assert [one.weekdays for one in run.openings] == [(1, 2, 3, 4, 5, 6)]
    assert run.specials[0].why == "Наурыз"
    assert times_of(event, "en").run.specials[0].why == "Nauryz"  # type: ignore[union-attr]  # there is one


@pytest.mark.django_db
def test_what_only_is_open_has_no_time_of_its_own() -> None:
    event = planned(starts="2026-01-01", ends="2026-01-01", run=("2026-03-08", "2026-03-20"))
    assert not times_of(event).has_own_time
    assert event.starts_on == datetime.date(2026, 3, 8)
    assert times_of(exhibition()).has_own_time


def test_a_proposal_comes_back_as_it_was() -> None:
    times = times_from(
        "2026-03-03 11:00",
        "2026-03-03 12:00",
        zone="Asia/Aqtau",
        rule=RecurrenceRule(Frequency.WEEKLY, 2, (1, 3), datetime.date(2026, 5, 1)),
    )
    event = Event()
    set_event_times(event, times)
    assert times_input_for(event) == times
