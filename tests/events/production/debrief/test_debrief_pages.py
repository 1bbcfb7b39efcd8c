"""The pages after an event: for those who prepare it, in words when refused, nothing lost."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Debrief, Event
from events.production.debrief.actions import save_debrief
from tests.events.planning.builders import planned, press_conference, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        return press_conference(here.access("coordinator"))


@pytest.fixture(autouse=True)
def _after(event):
    with time_machine.travel("2026-03-05 09:00Z", tick=False):
        yield


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def test_the_event_leads_there_once_it_is_over(here, event, client_of) -> None:
    client = client_of(here.user())
    page = client.get(event.get_absolute_url()).content.decode()
    assert at("afterwards", event) in page
    assert "not written down yet" in page
    client.post(at("afterwards", event), {"next_time": "Earlier", "revision": "0"})
    assert "not written down yet" not in client.get(event.get_absolute_url()).content.decode()
    with time_machine.travel("2026-02-28 09:00Z", tick=False):
        assert at("afterwards", event) not in client.get(event.get_absolute_url()).content.decode()


def test_two_at_once_lose_nothing(here, event, client_of) -> None:
    one, two = client_of(here.user()), client_of(here.user("contributor"))
    sent = {"next_time": "First", "came": "40", "revision": "0"}
    assert one.post(at("afterwards", event), sent).status_code == 302
    answer = two.post(at("afterwards", event), sent | {"next_time": "Second"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "First" in page
    assert "Second" in page
    assert 'name="revision" value="1"' in page
    two.post(at("afterwards", event), sent | {"next_time": "Second", "revision": "1"})
    assert Debrief.objects.get().next_time == "Second"


def test_bad_numbers_are_said_where_they_were_made(here, event, client_of) -> None:
    sent = {"went_well": "Much", "came": "-3", "press_came": "x", "revision": "9" * 40}
    answer = client_of(here.user()).post(at("afterwards", event), sent)
    assert answer.status_code == 422
    assert "Much" in answer.content.decode()
    assert not Debrief.objects.exists()


@pytest.mark.parametrize(
    ("role", "page", "again"), [("editor", 200, 200), ("contributor", 200, 403), ("observer", 403, 403)]
)
def test_who_reads_it(here, event, client_of, role: str, page: int, again: int) -> None:
    client = client_of(here.user(role))
    assert client.get(at("afterwards", event)).status_code == page
    assert client.get(at("plan_again", event)).status_code == again


def test_others_find_nothing_that_is_prepared(here, event, client_of) -> None:
    written = {"next_time": "Canary"}
    save_debrief(access=here.access(), event=event, **written, seen=0)
    outsider = client_of(stage().user())
    for name in ("afterwards", "plan_again"):
        answer = outsider.get(at(name, event))
        assert answer.status_code in {403, 404}
        assert "Canary" not in answer.content.decode()
    assert outsider.post(at("thank", event, "press")).status_code in {403, 404}


def test_an_unknown_group_is_not_there(here, event, client_of) -> None:
    assert client_of(here.user()).post(at("thank", event, "nobody")).status_code == 404


def test_planning_again_asks_for_a_day_that_comes(here, event, client_of) -> None:
    client = client_of(here.user())
    for day in ("2026-03-01", "2126-03-01", "x", ""):
        assert client.post(at("plan_again", event), {"on": day}).status_code == 422
    answer = client.post(at("plan_again", event), {"on": "2026-09-01", "parts": ["checklist"]})
    made = Event.objects.latest("pk")
    assert answer["Location"] == made.get_absolute_url()
    assert made != event


def test_planning_offers_what_was(here, event, client_of) -> None:
    page = client_of(here.user()).get(reverse("events:plan", args=[here.workspace.uuid])).content.decode()
    assert at("plan_again", event) in page


def test_the_checklist_says_what_was_learned_in_as_many_queries_for_one_as_for_three(
    here, event, client_of
) -> None:
    client = client_of(here.user())
    later = planned(
        here.access(), kind=event.kind, title="Next", starts="2026-06-01 11:00", ends="2026-06-01 12:00"
    )
    counts = []
    for number in range(3):
        day = f"2026-01-1{number}"
        hours = {"starts": f"{day} 11:00", "ends": f"{day} 12:00"}
        one = planned(here.access(), kind=event.kind, title="Before", **hours)
        learned = {"next_time": f"Lesson {number}"}
        save_debrief(access=here.access(), event=one, **learned, seen=0)
        client.get(at("checklist", later))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(at("checklist", later)).content.decode()
        assert f"Lesson {number}" in page
        counts.append(len(asked))
    assert counts[0] == counts[2]
