"""What events bring to the desk's first page, and at what cost."""

import pytest
import time_machine
from django.utils.translation import override

from coalition.accounts.naming import PUBLIC
from events.calendar.presenters import events_coming
from events.core.enums import Frequency
from events.core.facts import RecurrenceRule
from events.exhibitions.guest_book.presenters import guests_waiting
from tests.desk import on_desk
from tests.events.exhibitions.guest_book.builders import opened, written
from tests.events.planning.builders import exhibition, planned, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel("2026-03-02 09:00Z", tick=False), override("en"):
        yield


def coming(user):
    return [(f"{one.at:%d %b}", one.title, one.detail) for one in events_coming(user, PUBLIC)]


def test_what_comes_is_told_in_ones_language_and_hours_are_read_only_of_what_has_them(
    django_assert_num_queries,
):
    here = stage()
    user = here.user()
    planned(here.access(), title="Call", rule=RecurrenceRule(Frequency.WEEKLY))
    told = coming(user)  # what guardian keeps of each kind of row is read
    with django_assert_num_queries(2):
        assert coming(user) == told
    assert [one[:2] for one in told] == [("03 Mar", "Call en"), ("10 Mar", "Call en")]
    assert told[0][2].startswith("Press club en")
    for number in (1, 3):
        while len(coming(user)) < 2 + number:
            exhibition(here.access(), visibility=None)
        with django_assert_num_queries(4):
            assert ("07 Mar", "Exhibition of letters en") in [one[:2] for one in coming(user)]


@pytest.mark.parametrize("many", [1, 3])
def test_guest_books_that_wait_cost_one_query(many, django_assert_num_queries):
    here = stage()
    for _number in range(many):
        written(opened(here, exhibition(here.access())), "Canary")
    with django_assert_num_queries(1):
        waiting = list(guests_waiting.source(here.user(), PUBLIC))
    assert [one.detail for one in waiting] == ["Exhibition of letters en"] * many
    assert on_desk(guests_waiting, here.user()) == waiting
