"""What a person has to do, in their own calendar address: only theirs, only if wanted, until it is done."""

import datetime

import icalendar
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from events.feeds.actions import create_feed
from events.production.checklist import actions as checklist_actions
from tests.events.planning.builders import Stage, planned, stage
from tests.factories import seat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


def given(there: Stage, name: str, title: str, event=None, **more):
    event = event or planned(there.access("editor"))
    task = dict(
        title={"kk": title},
        days_before=3,
        organisation=there.organisation(name),
        person=there.user(name),
        **more,
    )
    return checklist_actions.add_task(access=there.access("editor"), event=event, **task)


def told(there: Stage, name: str = "contributor", **more) -> list[icalendar.Event]:
    _feed, token = create_feed(person=there.user(name), name="Phone", language="kk", **more)
    answer = Client().get(f"/calendar/private/{token}.ics")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return [event for event in events if str(event["uid"]).startswith("task-")]


def test_a_task_is_a_day_on_which_nobody_is_busy() -> None:
    there = stage()
    row = given(there, "contributor", "Су апару", note="Екі бөтелке")
    [entry] = told(there, with_tasks=True)
    assert "Су апару" in str(entry["summary"])
    assert entry["dtstart"].dt == row.due_on
    assert entry["dtend"].dt - entry["dtstart"].dt == datetime.timedelta(days=1)
    assert (entry["transp"], entry["class"]) == ("TRANSPARENT", "CONFIDENTIAL")
    assert "Екі бөтелке" in str(entry["description"])
    assert f"/events/{row.event.uuid}/checklist/" in str(entry["url"])


def test_it_is_there_only_if_wanted_and_only_ones_own() -> None:
    there = stage()
    given(there, "contributor", "Су апару")
    assert told(there) == []
    assert told(there, "reviewer", with_tasks=True) == []
    assert told(there, "observer", with_tasks=True) == []


def test_what_is_done_or_in_another_workspace_goes() -> None:
    there = stage()
    row = given(there, "contributor", "Су апару")
    person, organisation = there.user("contributor"), there.organisation("contributor")
    other = seat(person=person, organisation=organisation, role=SeatRole.CONTRIBUTOR).workspace
    assert told(there, with_tasks=True, workspaces=[other]) == []
    assert len(told(there, with_tasks=True)) == 1
    checklist_actions.set_task_done(
        access=there.access("contributor"), event=row.event, uuid=row.uuid, done=True
    )
    assert told(there, with_tasks=True) == []


def test_it_ends_with_the_seat() -> None:
    there = stage()
    given(there, "contributor", "Су апару")
    _feed, token = create_feed(person=there.user("contributor"), name="P", language="kk", with_tasks=True)
    assert "Су апару" in Client().get(f"/calendar/private/{token}.ics").content.decode()
    Seat.objects.filter(person=there.user("contributor")).delete()
    assert "Су апару" not in Client().get(f"/calendar/private/{token}.ics").content.decode()


def test_it_takes_the_same_queries_for_one_and_for_three() -> None:
    there = stage()
    event = planned(there.access("editor"))
    given(there, "contributor", "A", event)
    _feed, token = create_feed(person=there.user("contributor"), name="P", language="kk", with_tasks=True)
    counts = []
    for _time in range(2):
        Client().get(f"/calendar/private/{token}.ics")
        with CaptureQueriesContext(connection) as asked:
            Client().get(f"/calendar/private/{token}.ics")
        counts.append(len(asked))
        given(there, "contributor", "B", event)
        given(there, "contributor", "C", event)
    assert counts[0] == counts[1]
