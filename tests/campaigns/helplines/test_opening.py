"""When a line is open: nights, over midnight, holidays, what its operator said."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.opening import hours_lines, open_state, state_in_words

ALMATY = ZoneInfo("Asia/Almaty")
MONDAY = datetime.date(2026, 3, 2)
NIGHTS = [{"weekday": day, "opens": "20:00", "closes": "08:00"} for day in range(7)]
DAYS = [{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(5)]


def at(day: datetime.date, time: str) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), ALMATY)


def march(day: int, time: str) -> datetime.datetime:
    return at(datetime.date(2026, 3, day), time)


def state(moment, *, helpline=None, **given):
    entry = HelplineEntry(**{"hours": DAYS, **given})
    return open_state(helpline or Helpline(), entry, moment.astimezone(datetime.UTC))


def test_open_within_its_hours_until_they_end():
    found = state(at(MONDAY, "17:59"))
    assert (found.is_open, found.until) == (True, at(MONDAY, "18:00"))


@pytest.mark.parametrize(
    ("moment", "opens_at"),
    [
        (at(MONDAY, "08:59"), at(MONDAY, "09:00")),
        (at(MONDAY, "18:00"), march(3, "09:00")),
        (march(6, "23:40"), march(10, "09:00")),  # Friday night; Women's Day moves a day off to Monday
    ],
)
def test_closed_outside_its_hours_until_the_next_opening(moment, opens_at):
    found = state(moment, is_closed_on_holidays=True)
    assert (found.is_open, found.opens_at) == (False, opens_at)


@pytest.mark.parametrize("time", ["20:00", "23:40", "00:00", "03:00", "07:59"])
def test_hours_over_midnight_are_one_night(time):
    day = MONDAY if time >= "20:00" else MONDAY + datetime.timedelta(days=1)
    found = state(at(day, time), hours=NIGHTS)
    assert (found.is_open, found.until) == (True, march(3, "08:00"))


def test_the_last_night_of_the_week_ends_on_monday_morning():
    sunday = [{"weekday": 6, "opens": "20:00", "closes": "08:00"}]
    assert state(march(2, "07:00"), hours=sunday).until == march(2, "08:00")
    assert state(march(2, "08:00"), hours=sunday).opens_at == march(8, "20:00")


def test_a_night_that_goes_on_in_the_day_is_one_opening():
    joined = [
        {"weekday": 0, "opens": "20:00", "closes": "08:00"},
        {"weekday": 1, "opens": "08:00", "closes": "12:00"},
    ]
    assert state(at(MONDAY, "23:40"), hours=joined).until == march(3, "12:00")


def test_day_and_night_has_no_end():
    found = state(march(21, "03:00"), hours=[], is_round_the_clock=True)
    assert (found.is_open, found.until) == (True, None)


def test_closed_over_nauryz():
    """21 to 23 March, and in 2026 the 24th and 25th instead of the weekend."""
    found = state(march(20, "18:30"), is_closed_on_holidays=True)
    assert not found.is_open
    assert found.opens_at == march(26, "09:00")
    assert state(march(23, "10:00"), is_closed_on_holidays=True).is_open is False
    assert state(march(23, "10:00")).is_open is True  # Monday, for a line that works on holidays


def test_a_night_ends_when_the_holiday_begins():
    """Better told closed too early than open while nobody answers."""
    found = state(march(20, "23:40"), hours=NIGHTS, is_closed_on_holidays=True)
    assert (found.is_open, found.until) == (True, march(21, "00:00"))
    assert state(march(21, "00:00"), hours=NIGHTS, is_closed_on_holidays=True).is_open is False


def test_day_and_night_but_on_holidays():
    found = state(march(20, "12:00"), hours=[], is_round_the_clock=True, is_closed_on_holidays=True)
    assert found.until == march(21, "00:00")


def test_a_special_day_goes_before_week_and_holiday():
    open_on_nauryz = [{"date": "2026-03-22", "opens": "10:00", "closes": "14:00"}]
    found = state(march(22, "11:00"), special_days=open_on_nauryz, is_closed_on_holidays=True)
    assert (found.is_open, found.until) == (True, march(22, "14:00"))
    closed = [{"date": "2026-03-03", "opens": "", "closes": ""}]
    assert state(march(3, "10:00"), special_days=closed).opens_at == march(4, "09:00")
    assert state(at(MONDAY, "23:40"), hours=NIGHTS, special_days=closed).until == march(3, "00:00")


def test_a_night_ends_when_a_day_with_other_hours_begins():
    """As before a closed day: its hours are the only ones of that day."""
    short = [{"date": "2026-03-03", "opens": "10:00", "closes": "12:00"}]
    assert state(at(MONDAY, "23:40"), hours=NIGHTS, special_days=short).until == march(3, "00:00")
    night = state(march(3, "02:00"), hours=NIGHTS, special_days=short)
    assert (night.is_open, night.opens_at) == (False, march(3, "10:00"))
    assert state(march(3, "11:00"), hours=NIGHTS, special_days=short).until == march(3, "12:00")


def test_the_night_of_a_special_day_goes_over_midnight():
    special = [{"date": "2026-03-03", "opens": "22:00", "closes": "06:00"}]
    assert state(march(3, "23:00"), special_days=special).until == march(4, "06:00")


def test_a_line_without_an_opening_in_sight_says_only_closed():
    assert state(at(MONDAY, "10:00"), hours=[]).opens_at is None


def test_hours_hold_on_the_wall_over_the_change_of_the_zone():
    """On 1 March 2024 Almaty went from UTC+6 to UTC+5: that night was an hour longer."""
    night = at(datetime.date(2024, 2, 29), "23:00")
    found = state(night, hours=NIGHTS)
    assert found.until == at(datetime.date(2024, 3, 1), "08:00")
    assert found.until.astimezone(datetime.UTC) - night.astimezone(datetime.UTC) == datetime.timedelta(
        hours=10
    )


def operator(said: Availability, until: datetime.datetime) -> Helpline:
    return Helpline(availability=said, available_until=until.astimezone(datetime.UTC))


def test_an_operator_closes_a_line_until_a_moment():
    helpline = operator(Availability.CLOSED, at(MONDAY, "14:00"))
    found = state(at(MONDAY, "10:00"), helpline=helpline)
    assert (found.is_open, found.opens_at) == (False, at(MONDAY, "14:00"))
    assert state(at(MONDAY, "14:00"), helpline=helpline).is_open


def test_closed_by_the_operator_before_the_hours_begin_opens_when_that_ends():
    """Else the page says at 08:45 “Opens: 09:00”, and at 09:05 that it is closed until 12:30."""
    helpline = operator(Availability.CLOSED, at(MONDAY, "12:30"))
    early = state(at(MONDAY, "08:45"), helpline=helpline)
    later = state(at(MONDAY, "09:05"), helpline=helpline)
    assert early.opens_at == later.opens_at == at(MONDAY, "12:30")
    assert early.said == Availability.CLOSED


def test_closed_by_the_operator_until_before_the_hours_begin_changes_nothing():
    helpline = operator(Availability.CLOSED, at(MONDAY, "08:30"))
    found = state(at(MONDAY, "07:00"), helpline=helpline)
    assert (found.opens_at, found.said) == (at(MONDAY, "09:00"), None)


def test_closed_by_the_operator_beyond_the_hours_opens_with_the_next_ones():
    helpline = operator(Availability.CLOSED, at(MONDAY, "20:00"))
    assert state(at(MONDAY, "17:00"), helpline=helpline).opens_at == march(3, "09:00")


def test_an_overloaded_line_is_open_and_comes_after_the_others():
    helpline = operator(Availability.OVERLOADED, at(MONDAY, "14:00"))
    overloaded = state(at(MONDAY, "10:00"), helpline=helpline)
    free, shut = state(at(MONDAY, "10:00")), state(at(MONDAY, "10:00"), hours=NIGHTS)
    assert overloaded.is_open
    assert overloaded.is_overloaded
    assert sorted([shut, overloaded, free], key=lambda one: one.sort_key) == [free, overloaded, shut]


@pytest.mark.parametrize(
    ("moment", "given", "words"),
    [
        (at(MONDAY, "10:00"), {}, "Open now, until 18:00."),
        (at(MONDAY, "23:40"), {"hours": NIGHTS}, "Open now, until tomorrow, 08:00."),
        (at(MONDAY, "10:00"), {"is_round_the_clock": True}, "Open now, day and night."),
        (at(MONDAY, "19:00"), {}, "Closed now. Opens: tomorrow, 09:00."),
        (march(6, "19:00"), {}, "Closed now. Opens: Monday 9 March, 09:00."),
        (at(MONDAY, "10:00"), {"hours": []}, "Closed now."),
    ],
)
def test_the_state_is_a_sentence(moment, given, words):
    with override("en"):
        assert state_in_words(state(moment, **given), moment) == words


def test_what_the_operator_said_is_told():
    moment = at(MONDAY, "10:00")
    with override("en"):
        shut = state(moment, helpline=operator(Availability.CLOSED, at(MONDAY, "14:00")))
        full = state(moment, helpline=operator(Availability.OVERLOADED, at(MONDAY, "14:00")))
        assert state_in_words(shut, moment) == "Closed by its operator for now. Opens: 14:00."
        assert state_in_words(full, moment) == "Overloaded now, open until 18:00."


def test_the_week_in_words():
    entry = HelplineEntry(
        hours=[*NIGHTS[:5], {"weekday": 5, "opens": "10:00", "closes": "14:00"}],
        is_closed_on_holidays=True,
        special_days=[
            {"date": "2026-03-01", "opens": "", "closes": ""},
            {"date": "2026-03-30", "opens": "10:00", "closes": "12:00"},
        ],
    )
    with override("en"):
        assert hours_lines(entry, MONDAY) == [
            ("Monday–Friday", "20:00–08:00"),
            ("Saturday", "10:00–14:00"),
            ("Sunday", "closed"),
            ("Public holidays", "closed"),
            ("Monday 30 March", "10:00–12:00"),  # the one that is over is not told
        ]
        assert hours_lines(HelplineEntry(hours=NIGHTS), MONDAY) == [("Every day", "20:00–08:00")]
        assert hours_lines(HelplineEntry(is_round_the_clock=True), MONDAY) == [("Every day", "day and night")]
