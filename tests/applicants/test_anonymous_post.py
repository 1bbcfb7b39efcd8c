"""A form without session and cookie takes posts from our own pages only, and for a day."""

import datetime

import pytest
import time_machine
from django.test import RequestFactory

from coalition.applicants.views import PostVerdict, is_fresh, judge_post, new_stamp

NOON = datetime.datetime(2026, 3, 1, 12, 0, 59, tzinfo=datetime.UTC)
HOURS = datetime.timedelta(hours=1)


def verdict(stamp: str, *, trap: str = "", **headers: str) -> PostVerdict:
    data = {"stamp": stamp, "leave_empty": trap}
    request = RequestFactory().post("/", data, headers=headers, HTTP_HOST="own.example")
    return judge_post(request, "form")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, PostVerdict.ACCEPTED),
        ({"Sec-Fetch-Site": "none"}, PostVerdict.ACCEPTED),
        ({"Sec-Fetch-Site": "same-site"}, PostVerdict.FOREIGN),
        ({"Sec-Fetch-Site": "cross-site"}, PostVerdict.FOREIGN),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://own.example"}, PostVerdict.FOREIGN),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, PostVerdict.ACCEPTED),
        ({"Origin": "http://own.example"}, PostVerdict.ACCEPTED),
        ({"Origin": "https://own.example"}, PostVerdict.FOREIGN),
        ({"Origin": "http://own.example:8000"}, PostVerdict.FOREIGN),
        ({"Origin": "http://own.example.foreign.example"}, PostVerdict.FOREIGN),
        ({"Origin": "null"}, PostVerdict.FOREIGN),
        ({"Origin": "http://[broken"}, PostVerdict.FOREIGN),
        ({}, PostVerdict.ACCEPTED),
    ],
)
def test_only_our_own_pages_may_post(headers: dict[str, str], expected: PostVerdict) -> None:
    assert verdict(new_stamp("form"), **headers) == expected


def test_a_page_may_stand_open_for_a_day() -> None:
    with time_machine.travel(NOON, tick=False):
        stamp = new_stamp("form")
    for later, expected in (
        (0 * HOURS, True),
        (23.9 * HOURS, True),
        (24.1 * HOURS, False),
        (-0.01 * HOURS, True),
        (-1 * HOURS, False),
    ):
        with time_machine.travel(NOON + later, tick=False):
            assert is_fresh(stamp, "form") is expected, later


@pytest.mark.parametrize("broken", ["", ".", "zz.0", "1", f"{'f' * 5000}.0", "1c9f4a2.é", "-1.0"])
def test_a_stamp_that_is_not_ours_is_stale(broken: str) -> None:
    assert verdict(broken) == PostVerdict.STALE


def test_a_stamp_of_another_form_and_one_of_another_minute_are_stale() -> None:
    minute, _dot, signature = new_stamp("form").partition(".")
    assert verdict(new_stamp("other")) == PostVerdict.STALE
    assert verdict(f"{int(minute, 16) + 1:x}.{signature}") == PostVerdict.STALE


def test_what_fills_every_field_is_trapped() -> None:
    assert verdict(new_stamp("form"), trap="x") == PostVerdict.TRAPPED
    assert verdict("", trap="x") == PostVerdict.TRAPPED
