"""Quiet hours and the hour of the daily mail, in zones with and without summer time."""

import datetime

import pytest

from coalition.accounts.models import User
from coalition.workspaces.models import NotificationSettings
from coalition.workspaces.notifications.deliver import last_hour, next_hour, quiet_end

ALMATY, BERLIN = "Asia/Almaty", "Europe/Berlin"


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def until(moment: str, begins: str, ends: str, zone: str = ALMATY) -> datetime.datetime | None:
    clock = datetime.time.fromisoformat
    wish = NotificationSettings(person=User(time_zone=zone), quiet_from=clock(begins), quiet_to=clock(ends))
    return quiet_end(wish, utc(moment))


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-03-03 16:59", None),  # 21:59 in Almaty
        ("2026-03-03 17:00", "2026-03-04 02:00"),  # 22:00
        ("2026-03-03 19:30", "2026-03-04 02:00"),  # 00:30 of the next day
        ("2026-03-04 01:59", "2026-03-04 02:00"),
        ("2026-03-04 02:00", None),  # 07:00
    ],
)
def test_over_midnight(moment, ends) -> None:
    assert until(moment, "22:00", "07:00") == (utc(ends) if ends else None)


def test_within_a_day_and_none_at_all() -> None:
    assert until("2026-03-03 08:00", "12:00", "14:00") == utc("2026-03-03 09:00")
    assert until("2026-03-03 09:00", "12:00", "14:00") is None
    assert until("2026-03-03 09:00", "12:00", "12:00") is None
    assert quiet_end(NotificationSettings(person=User()), utc("2026-03-03 09:00")) is None


def test_clocks_that_change_in_the_night() -> None:
    assert until("2026-03-28 22:00", "22:00", "07:00", BERLIN) == utc("2026-03-29 05:00")  # forward
    assert until("2026-10-24 21:00", "22:00", "07:00", BERLIN) == utc("2026-10-25 06:00")  # back
    again = until("2026-10-25 01:10", "22:00", "02:30", BERLIN)  # 02:10 for the second time
    assert again == utc("2026-10-25 01:30")


def test_the_hour_before_and_the_hour_to_come() -> None:
    assert next_hour(utc("2026-03-03 02:59"), zone=ALMATY, hour=8) == utc("2026-03-03 03:00")
    assert next_hour(utc("2026-03-03 03:00"), zone=ALMATY, hour=8) == utc("2026-03-04 03:00")
    assert last_hour(utc("2026-03-03 03:00"), zone=ALMATY, hour=8) == utc("2026-03-03 03:00")
    assert last_hour(utc("2026-03-03 02:59"), zone=ALMATY, hour=8) == utc("2026-03-02 03:00")
