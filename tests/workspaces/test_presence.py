"""Who has a workspace open: told to those with a seat, by the names they may read, and soon over."""

import datetime
import json

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition import live_push
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.models import Presence
from coalition.workspaces.queries import present_seats
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, seat
from tests.realtime.sockets import Socket

pytestmark = pytest.mark.django_db


def beat(row) -> None:
    live_push.note_presence(user_id=row.person_id, topic=f"here:{row.workspace.uuid}")


def there(workspace) -> list[str]:
    return [row.person.name for row in present_seats(workspace)]


def test_who_says_so_is_there_for_75_seconds() -> None:
    here = seat(UserFactory(name="Aigul"))
    begun = now()
    with time_machine.travel(begun, tick=False):
        beat(here)
        beat(here)
    for seconds, expected in ((74, ["Aigul"]), (76, [])):
        with time_machine.travel(begun + datetime.timedelta(seconds=seconds), tick=False):
            assert there(here.workspace) == expected
    with time_machine.travel(begun + datetime.timedelta(seconds=90), tick=False):
        beat(seat(workspace=here.workspace))
        assert Presence.objects.count() == 1, "what is over is deleted"


def test_a_person_with_two_seats_is_there_once() -> None:
    first = seat(UserFactory(name="Aigul"))
    seat(first.person, first.workspace)
    beat(first)
    assert there(first.workspace) == ["Aigul"]


def test_who_has_no_seat_cannot_say_so_and_who_lost_it_is_gone() -> None:
    here, other = seat(), seat()
    live_push.note_presence(user_id=other.person_id, topic=f"here:{here.workspace.uuid}")
    live_push.note_presence(user_id=here.person_id, topic="here:nonsense")
    live_push.note_presence(user_id=here.person_id, topic=f"workspace:{here.workspace.uuid}")
    assert not Presence.objects.exists()
    beat(here)
    type(here).objects.filter(pk=here.pk).update(ended_at=now())
    assert there(here.workspace) == []


def test_the_page_names_the_others_as_it_may(client_of) -> None:
    coordinator = seat(role=SeatRole.COORDINATOR)
    hidden = seat(
        UserFactory(name="Canary Person"),
        coordinator.workspace,
        organisation=OrganisationFactory(listing="confidential", name_en="Canary centre"),
    )
    reader = seat(UserFactory(name="Reader Person"), coordinator.workspace)
    for row in (hidden, reader):
        beat(row)
    address = reverse("workspaces:here", args=[coordinator.workspace.uuid])
    told = client_of(coordinator.person).get(address).content.decode()
    assert "Canary Person" in told
    assert "Reader Person" in told
    kept = client_of(reader.person).get(address).content.decode()
    assert "Canary" not in kept
    assert "A member of" in kept
    assert "Reader Person" not in kept, "the others, not oneself"
    assert client_of(MembershipFactory().person).get(address).status_code == 404


def test_more_people_cost_no_more_queries(client_of) -> None:
    reader = seat()
    browser = client_of(reader.person)
    address = reverse("workspaces:here", args=[reader.workspace.uuid])

    def cost() -> int:
        beat(seat(workspace=reader.workspace))
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    one = cost()
    cost()
    assert cost() == one


@pytest.mark.django_db(transaction=True)
async def test_those_who_look_are_told_when_somebody_comes(client_of) -> None:
    reader = await sync_to_async(seat)()
    other = await sync_to_async(seat)(workspace=reader.workspace)
    topic = f"here:{reader.workspace.uuid}"
    sockets = []
    for person in (reader.person, other.person):
        browser = await sync_to_async(client_of)(person)
        socket = Socket(cookie=f"sessionid={browser.session.session_key}")
        assert await socket.open()
        sockets.append(socket)
    looking, coming = sockets
    assert await looking.ask(subscribe=topic) == {"subscribed": topic}
    await coming.say(json.dumps({"here": topic}))
    assert (await looking.hear())["topic"] == topic
    await coming.say(json.dumps({"here": topic}))
    assert await looking.receive_nothing(0.2), "who stays does not come"
    for socket in sockets:
        await socket.leave()
