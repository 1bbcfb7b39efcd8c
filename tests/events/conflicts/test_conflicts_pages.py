"""Conflicts of dates while planning, and the page of sittings: who gets them, and what they say."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event, Sitting
from tests.events.planning.builders import planned, press_conference, stage

pytestmark = pytest.mark.django_db

WHEN = {
    "kind": "meeting",
    "starts_on": "2026-03-03",
    "starts_at_time": "11:30",
    "ends_at_time": "12:30",
    "zone": "Asia/Almaty",
    "region": "KZ-75",
}
WHOLE = {**WHEN, "title_en": "Second", "step_free": "unknown", "handling": "amber"}


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-20 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    room = stage()
    press_conference(room.access("coordinator"), visibility=None)
    return room


def panel(client, here, **given):
    return client.get(reverse("events:conflicts", args=[here.workspace.uuid]), {**WHEN, **given})


def plan(client, here, **given):
    return client.post(reverse("events:plan", args=[here.workspace.uuid]), {**WHOLE, **given})


def test_the_panel_tells_what_is_in_the_way_and_offers_free_times(client_of, here):
    answer = panel(client_of(here.user()), here)
    words = answer.content.decode()
    assert "Press conference on Article 123" in words
    assert words.count('name="take"') == 3
    assert "<html" not in words


def test_the_panel_leaves_out_the_event_itself(client_of, here):
    client, event = client_of(here.user()), Event.objects.get()
    assert "Press conference" in panel(client, here).content.decode()
    assert "Press conference" not in panel(client, here, event=str(event.uuid)).content.decode()


@pytest.mark.parametrize(
    "given", [{"starts_on": ""}, {"starts_at_time": "25:00"}, {"zone": "Mars"}, {"event": "x"}]
)
def test_times_that_are_not_whole_say_nothing(client_of, here, given):
    answer = panel(client_of(here.user()), here, **given)
    assert answer.status_code == 200
    assert answer.content.strip() == b""


@pytest.mark.parametrize("name, status", [("observer", 403), ("contributor", 403), ("coordinator", 200)])
def test_who_plans_may_ask(client_of, here, name, status):
    assert panel(client_of(here.user(name)), here).status_code == status


def test_strangers_find_nothing(client_of, client, here):
    stranger = client_of(stage().user())
    for name in ("conflicts", "sittings"):
        address = reverse(f"events:{name}", args=[here.workspace.uuid])
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_a_conflict_is_shown_once_and_kept_if_sent_again(client_of, here):
    client = client_of(here.user())
    answer = plan(client, here)
    found = answer.context["found"]
    assert found.digest
    assert Event.objects.count() == 1
    assert plan(client, here, conflicts_seen="of something else").context["found"].digest == found.digest
    assert Event.objects.count() == 1
    assert plan(client, here, conflicts_seen=found.digest).status_code == 302
    assert Event.objects.count() == 2


def test_a_free_time_is_put_into_the_form_and_nothing_saved(client_of, here):
    answer = plan(client_of(here.user()), here, take="2026-03-04T11:30")
    form = answer.context["form"]
    assert form["starts_on"].value() == "2026-03-04"
    assert form["ends_at_time"].value() == "12:30"
    assert answer.context["found"].conflicts == ()
    assert Event.objects.count() == 1


def test_without_a_conflict_the_event_is_saved_at_once(client_of, here):
    assert plan(client_of(here.user()), here, starts_on="2026-03-05").status_code == 302
    assert Event.objects.count() == 2


def test_changing_words_alone_asks_about_no_other_date(client_of, here):
    event = planned(here.access(), starts="2026-03-05 11:00")
    address = reverse("events:change", args=[event.uuid])
    given = {**WHOLE, "starts_on": "2026-03-05", "title_en": "Another name"}
    assert client_of(here.user()).post(address, given).status_code == 302
    assert event.texts.get(language="en").title == "Another name"


SITTING = {
    "body": "District council",
    "region": "KZ-71",
    "on": "2026-03-17",
    "begins": "10:00",
    "ends": "13:00",
}


def test_a_sitting_is_entered_removed_and_brought_back(client_of, here):
    client = client_of(here.user())
    page = reverse("events:sittings", args=[here.workspace.uuid])
    assert client.post(page, SITTING).status_code == 302
    sitting = Sitting.objects.get()
    assert sitting.organisation == here.organisation()
    assert f"{sitting.starts_at:%H:%M}" == "05:00"
    assert "District council" in client_of(here.user("observer")).get(page).content.decode()
    given = [here.workspace.uuid, sitting.uuid]
    client.post(reverse("events:sitting_remove", args=given))
    words = client.get(page).content.decode()
    assert "District council" not in words
    back = reverse("events:sitting_restore", args=given)
    assert back in words  # the undo
    client.post(back)
    assert "District council" in client.get(page).content.decode()


@pytest.mark.parametrize(
    "given", [{"ends": "09:00"}, {"body": ""}, {"until": "2026-03-01"}, {"until": "2026-06-01"}]
)
def test_a_sitting_that_makes_no_sense_is_refused_in_words(client_of, here, given):
    page = reverse("events:sittings", args=[here.workspace.uuid])
    answer = client_of(here.user()).post(page, {**SITTING, **given})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Sitting.objects.exists()


def test_who_may_not_plan_enters_no_sitting(client_of, here):
    page = reverse("events:sittings", args=[here.workspace.uuid])
    assert client_of(here.user("contributor")).post(page, SITTING).status_code == 403
    assert not Sitting.objects.exists()


def test_a_sitting_of_another_workspace_is_not_there(client_of, here):
    other = stage()
    client_of(other.user()).post(reverse("events:sittings", args=[other.workspace.uuid]), SITTING)
    sitting = Sitting.objects.get()
    for room in (here, other):
        address = reverse("events:sitting_remove", args=[room.workspace.uuid, sitting.uuid])
        assert client_of(here.user()).post(address).status_code == 404
    sitting.refresh_from_db()
    assert sitting.removed_at is None


def test_the_sittings_page_asks_as_often_for_three_as_for_one(client_of, here, django_assert_num_queries):
    client, page = client_of(here.user()), reverse("events:sittings", args=[here.workspace.uuid])
    client.post(page, SITTING)
    client.get(page)

    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    one = len(asked)
    for day in ("18", "19"):
        client.post(page, {**SITTING, "on": f"2026-03-{day}"})
    client.get(page)
    with django_assert_num_queries(one):
        client.get(page)
