"""The members' calendar: what it shows to whom, in each view."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.core.actions.plan import set_audience_times
from events.core.enums import Audience, EventKind, Frequency, Visibility
from events.core.facts import Rule
from tests.events.planning.builders import announced, exhibition, planned, press_conference, stage
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
MARCH = {"on": "2026-03"}


@pytest.fixture(autouse=True)
def _in_march():
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        yield


def _page(client, room=None, **given):
    address = (
        reverse("events:workspace_calendar", args=[room.workspace.uuid])
        if room
        else reverse("events:calendar")
    )
    answer = client.get(address, given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_month_shows_what_is_planned_and_what_is_public(client_of):
    here = stage()
    event = press_conference(here.access())
    plan = planned(here.access(), title="Editors meet", starts="2026-03-10 15:00")
    page = _page(client_of(here.user("coordinator")), here, **MARCH)
    assert "March 2026" in page
    assert "Press conference on Article 123 en" in page
    assert "Editors meet en" in page
    assert event.get_absolute_url() in page
    assert plan.get_absolute_url() in page
    assert "ev--public" in page


def test_when_speakers_come_is_told_to_those_who_prepare_it_alone(client_of):
    here = stage()
    event = press_conference(here.access())
    set_audience_times(access=here.access(), event=event, times={Audience.SPEAKERS: datetime.time(10, 15)})
    assert "Speakers 10:15" in _page(client_of(here.user("observer")), **MARCH)
    others = _page(client_of(here.representative()), **MARCH)
    assert "Press conference on Article 123 en" in others
    assert "10:15" not in others


def test_observers_do_not_see_what_is_only_planned(client_of):
    here = stage()
    press_conference(here.access())
    planned(here.access(), title="Editors meet", starts="2026-03-10 15:00")
    page = _page(client_of(here.user("observer")), here, **MARCH)
    assert "Press conference on Article 123" in page
    assert "Editors meet" not in page


def test_an_exhibition_is_its_opening_and_a_line_never_a_block(client_of):
    here = stage()
    exhibition(here.access())
    page = _page(client_of(here.user()), here, **MARCH)
    assert page.count('class="ev ev--public"') == 1
    # 8 to 31 March and the first days of April, without Mondays and 21 to 23 March.
    assert page.count("Exhibition of letters en 11–19") == 23


def test_a_rule_is_shown_on_each_of_its_days(client_of):
    here = stage()
    planned(here.access(), title="Call", starts="2026-03-03 10:00", rule=Rule(Frequency.WEEKLY))
    page = _page(client_of(here.user()), here, **MARCH)
    assert squeezed(page).count('<span class="ev__title">Call en</span>') == 5


def test_what_is_told_to_the_coalition_is_in_the_calendar_of_all_workspaces(client_of):
    here, there = stage(), stage()
    announced(there.access(), title="For all of us", visibility=Visibility.COALITION)
    announced(there.access(), title="Among themselves", visibility=Visibility.WORKSPACE)
    page = _page(client_of(here.user()), **MARCH)
    assert "For all of us" in page
    assert "Among themselves" not in page
    assert "For all of us" not in _page(client_of(here.user()), here, **MARCH)


def test_mine_is_what_i_planned(client_of):
    here = stage()
    planned(here.access("editor"), title="My own")
    planned(here.access("coordinator"), title="Of somebody else", starts="2026-03-05 15:00")
    page = _page(client_of(here.user("editor")), here, view="mine", on="2026-03-01")
    assert "My own en" in page
    assert "Of somebody else" not in page


def test_what_collides_is_marked_and_told_once(client_of):
    here = stage()
    planned(here.access("editor"), title="First")
    planned(here.access("coordinator"), title="Second", starts="2026-03-03 11:30")
    page = _page(client_of(here.user("editor")), here, **MARCH)
    assert page.count('class="ev ev--conflict"') == 2
    assert "“Second en” is there at the same time" in page


def test_only_the_date_that_collides_is_marked(client_of):
    here = stage()
    planned(here.access(), title="Call", rule=Rule(Frequency.WEEKLY))
    planned(here.access("coordinator"), title="Second", starts="2026-03-10 11:30")
    page = _page(client_of(here.user("editor")), here, **MARCH)
    assert page.count('class="ev ev--conflict"') == 2
    assert page.count('class="ev ev--internal"') == 4


def test_a_hidden_event_is_no_conflict(client_of):
    here, there = stage(), stage()
    planned(here.access(), title="Ours")
    planned(there.access(), title="Hidden from us", starts="2026-03-03 11:30")
    page = _page(client_of(here.user()), here, **MARCH)
    assert "ev--conflict" not in page
    assert "Hidden" not in page


def test_holidays_have_their_names(client_of):
    page = _page(client_of(stage().user()), **MARCH)
    assert '<span class="hol">Nauryz</span>' in page


@pytest.mark.parametrize("view", ["week", "agenda"])
def test_week_and_agenda_name_what_is_on_a_day(client_of, view):
    here = stage()
    planned(
        here.access(),
        kind=EventKind.DEADLINE,
        title="Answers",
        starts="2026-03-04 12:00",
        ends="2026-03-04 12:00",
    )
    page = _page(client_of(here.user()), here, view=view, on="2026-03-02")
    assert "Answers en" in page
    assert "12:00" in page
    assert "Deadline" in page


@pytest.mark.parametrize("asked", [{"view": "year"}, {"workspace": "0190b3c0-0000-7000-8000-000000000000"}])
def test_what_there_is_not_is_not_found(client_of, asked):
    client = client_of(stage().user())
    assert client.get(reverse("events:calendar"), asked).status_code == 404


def test_a_date_that_is_none_shows_today(client_of):
    page = _page(client_of(stage().user()), on="2026-77")
    assert "March 2026" in page


def test_nobody_without_a_seat_sees_a_workspaces_calendar(client_of, client):
    here = stage()
    address = reverse("events:workspace_calendar", args=[here.workspace.uuid])
    assert client_of(stage().user("coordinator")).get(address).status_code == 404
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("view", ["month", "week", "agenda", "mine"])
def test_the_number_of_queries_does_not_follow_the_number_of_events(client_of, view):
    here = stage()
    client = client_of(here.user())
    _page(client, here, view=view)  # the first visit writes and fills caches
    counted = []
    for more in (1, 2):
        for number in range(more):
            exhibition(here.access(), title=f"Shown {number}")
            planned(here.access(), rule=Rule(Frequency.WEEKLY, until=datetime.date(2026, 4, 1)))
        with CaptureQueriesContext(connection) as queries:
            _page(client, here, view=view, on="2026-03-02")
        counted.append(len(queries))
    assert counted[0] == counted[1]
