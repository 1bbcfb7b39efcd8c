"""The pages of a checklist."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import EventTask
from events.production.checklist import actions as checklist_actions
from events.production.forms import owner_value
from tests.events.planning.builders import press_conference, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def test_a_checklist_is_begun_written_ticked_and_taken_back(here, event, client_of) -> None:
    client = client_of(here.user())
    assert "Nothing on the checklist yet" in client.get(at("checklist", event)).content.decode()
    client.post(at("checklist_begin", event))
    page = client.get(at("checklist", event)).content.decode()
    assert "Call the newsrooms" in page
    assert "Overdue" in page  # the room should have been booked three weeks before
    owner = owner_value(here.organisation("contributor"), here.user("contributor"))
    sent = {"title_kk": "Су апару", "days": "0", "side": "before", "owner": owner, "note": ""}
    client.post(at("task_add", event), sent)
    row = EventTask.objects.get(title__kk="Су апару")
    page = client.get(at("checklist", event)).content.decode()
    assert "Су апару" in page
    assert here.user("contributor").name in page
    client_of(here.user("contributor")).post(at("task_tick", event, row.uuid), {"done": "1"})
    row.refresh_from_db()
    assert row.done_at
    client.post(at("task_tick", event, row.uuid), {"done": "0"})
    client.post(at("task", event, row.uuid), sent | {"side": "after", "days": "2"})
    row.refresh_from_db()
    assert (row.done_at, row.days_before) == (None, -2)
    client.post(at("task_remove", event, row.uuid))
    page = client.get(at("checklist", event)).content.decode()
    assert "Су апару" not in page
    assert at("task_restore", event, row.uuid) in page
    client.post(at("task_restore", event, row.uuid))
    assert "Су апару" in client.get(at("checklist", event)).content.decode()


def test_what_is_wrong_is_said_and_nothing_is_lost(here, event, client_of) -> None:
    sent = {"title_kk": "", "days": "400", "side": "before", "owner": "o:nobody", "note": "Kept words"}
    answer = client_of(here.user()).post(at("task_add", event), sent)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not EventTask.objects.exists()


def test_people_who_do_not_prepare_it_do_not_read_it(here, event, client_of) -> None:
    checklist_actions.add_task(access=here.access(), event=event, title={"kk": "Canary"}, days_before=1)
    assert b"Canary" in client_of(here.user("contributor")).get(at("checklist", event)).content
    for person in (here.user("observer"), stage().user("coordinator")):
        answer = client_of(person).get(at("checklist", event))
        assert answer.status_code in {403, 404}
        assert b"Canary" not in answer.content


def test_only_who_plans_writes_it(here, event, client_of) -> None:
    row = checklist_actions.add_task(access=here.access(), event=event, title={"kk": "Су"}, days_before=1)
    client = client_of(here.user("contributor"))
    for address in (
        at("checklist_begin", event),
        at("task_add", event),
        at("task", event, row.uuid),
        at("task_tick", event, row.uuid),
        at("task_remove", event, row.uuid),
        at("task_restore", event, row.uuid),
    ):
        assert (
            client.post(address, {"title_kk": "x", "days": "1", "side": "before", "done": "1"}).status_code
            == 403
        )


def test_it_takes_the_same_queries_for_one_and_for_three(here, event, client_of) -> None:
    client = client_of(here.user())

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    def add() -> None:
        task = {
            "title": {"kk": "Су"},
            "days_before": 0,
            "organisation": here.organisation(),
            "person": here.user(),
        }
        checklist_actions.add_task(access=here.access(), event=event, **task)

    add()
    pages = [at("checklist", event), "/workspaces/", event.get_absolute_url()]
    one = [asked(page) for page in pages]
    add()
    add()
    assert [asked(page) for page in pages] == one
