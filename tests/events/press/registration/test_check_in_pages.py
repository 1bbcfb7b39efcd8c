"""The door on a phone: what it is given, what it sends back, and who stands there."""

import datetime
import json
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition import live_push
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.workspaces.actions.seats import end_seat
from events.core.actions.plan import cancel_event
from events.core.enums import PressState
from events.core.printed_codes import code_of
from events.models import PressTick
from events.press.registration.actions import (
    answer_press_guest,
    check_in,
    open_to_press,
    undo_check_in,
    withdraw_press_guest,
)
from events.press.registration.models import check_in_topic
from tests.conftest import sign_in
from tests.events.planning.builders import announced, stage
from tests.events.press.registration.check_in.builders import Phone, comes, many
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
TEN = datetime.datetime(2026, 3, 3, 5, 0, tzinfo=datetime.UTC)  # ten o'clock in Almaty, on the event's day
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def morning():
    cache.clear()
    with time_machine.travel(TEN, tick=False) as clock:
        yield clock


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    day = TEN.date()
    return announced(here.access("coordinator"), title="Canary conference", starts=f"{day} 11:00")


@pytest.fixture
def registration(here, event):
    terms = {"places": 600, "per_outlet": 600, "closes_at": TEN + 30 * MINUTE}
    return open_to_press(access=here.access(), event=event, **terms)


@pytest.fixture
def phone(here, event):
    def made(name: str = "coordinator") -> Phone:
        return Phone(sign_in(Client(), here.user(name)), event)

    return made


def test_what_a_phone_holds_tells_of_nobody_and_differs_from_phone_to_phone(registration, phone) -> None:
    guest = comes(registration, "anna")
    one, two = phone(), phone()
    text = one.fetch().content.decode()
    two.fetch()
    for secret in ("anna", "Canary", code_of(guest.uuid), str(guest.uuid), guest.code_hash, guest.token_hash):
        assert secret not in text
    assert one.holds(guest)[2:] == ["confirmed", 0]
    assert one.holds(guest)[0] != two.holds(guest)[0]
    assert one.holds(guest)[1] != two.holds(guest)[1]


def test_the_page_is_the_same_for_everybody_and_alone_may_use_the_camera(here, event, registration) -> None:
    comes(registration, "anna")
    client = sign_in(Client(), here.user())
    answer = client.get(reverse("events:press_phone", args=[event.uuid]))
    assert "anna" not in answer.content.decode()
    assert "csrf" not in answer.content.decode().lower()
    assert answer["Permissions-Policy"].startswith("camera=(self)")
    assert answer["Cache-Control"] == "no-store, private"
    assert client.get(event.get_absolute_url())["Permissions-Policy"].startswith("camera=()")
    worker = Client().get(reverse("events:press_phone_worker", args=[event.uuid]))
    assert worker["Content-Type"] == "text/javascript"
    assert "Service-Worker-Allowed" not in worker  # its scope is its own folder


def test_ticks_of_an_hour_without_a_connection_count_once_however_often_they_are_sent(
    registration, phone, morning
) -> None:
    guests = [comes(registration, name) for name in ("anna", "bob", "vera")]
    one = phone()
    one.fetch()
    for number, guest in enumerate(guests):
        one.tick(guest, TEN + number * MINUTE)
    morning.shift(60 * 60)
    kept = list(one.queue)
    assert one.send(lost=True).status_code == 200
    assert one.says() == ["here", "here", "here"]
    one.queue = kept
    assert one.says() == ["here", "here", "here"]
    assert PressTick.objects.count() == 3
    for number, guest in enumerate(guests):
        guest.refresh_from_db()
        assert guest.came_at == TEN + number * MINUTE
        assert guest.came_by is not None
    assert AuditEntry.objects.filter(action="event.press_ticked").count() == 1
    assert (one.known["here"], one.known["confirmed"]) == (3, 3)


def test_who_is_new_comes_without_a_hash_and_the_phone_asks_for_the_whole_list(registration, phone) -> None:
    one, anna = phone(), comes(registration, "anna")
    one.fetch()
    bob = comes(registration, "bob")
    one.fetch()
    assert [row[0] for row in one.known["guests"]] == [""]
    assert one.holds(bob) is None
    one.known["number"] = 0
    one.fetch()
    assert one.holds(bob)[2:] == one.holds(anna)[2:] == ["confirmed", 0]


@pytest.mark.parametrize("first_back", ["early", "late"])
def test_two_phones_tick_one_guest_the_earlier_moment_wins_and_both_are_told(
    registration, phone, first_back, morning
) -> None:
    guest = comes(registration, "anna")
    early, late = phone(), phone("editor")
    early.fetch()
    late.fetch()
    early.tick(guest, TEN + 5 * MINUTE)
    late.tick(guest, TEN + 6 * MINUTE)
    morning.shift(60 * 60)
    order = [early, late] if first_back == "early" else [late, early]
    order[0].send()
    [told] = order[1].send().json()["answers"]
    assert told["seen"] == ("before" if first_back == "early" else "here")
    other = 5 if first_back == "early" else 6
    assert told["other"] == (TEN + other * MINUTE).timestamp() * 1000
    guest.refresh_from_db()
    assert guest.came_at == TEN + 5 * MINUTE
    late.fetch()
    assert late.holds(guest)[3] == guest.came_at.timestamp() * 1000


def test_who_withdrew_lost_the_place_or_is_of_another_event_is_told_as_such(
    here, registration, phone
) -> None:
    gone, moved, stranger = (comes(registration, name) for name in ("gone", "moved", "stranger"))
    one = phone()
    one.fetch()
    one.tick(gone)
    one.tick(moved)
    one.queue.append({"mark": str(uuid4()), "guest": "0" * 32, "at": now().timestamp() * 1000})
    withdraw_press_guest(guest=gone)
    answer_press_guest(access=here.access(), guest=moved, answer=PressState.FULL)
    assert one.says() == ["withdrawn", "no_place", "unknown"]
    assert not PressTick.objects.exists()
    assert one.holds(gone)[2] == "withdrawn"
    assert one.holds(moved)[2] == "no_place"
    assert one.holds(stranger)[2] == "confirmed"


def test_an_undo_takes_back_its_own_tick_alone(registration, phone) -> None:
    guest = comes(registration, "anna")
    one, two = phone(), phone("editor")
    for each in (one, two):
        each.fetch()
    mark = one.tick(guest, TEN - 2 * MINUTE)
    one.undo(mark)
    two.tick(guest, TEN - MINUTE)
    two.send()
    assert one.says() == ["taken_back", "taken_back"]
    guest.refresh_from_db()
    assert guest.came_at == TEN - MINUTE
    assert one.holds(guest)[3] == guest.came_at.timestamp() * 1000


def test_an_undo_at_the_desk_takes_back_all_and_phones_hear_of_it(here, registration, phone) -> None:
    guest = comes(registration, "anna")
    one = phone()
    one.fetch()
    one.tick(guest)
    one.send()
    undo_check_in(access=here.access(), guest=guest)
    one.fetch()
    assert not one.known["whole"]
    assert one.holds(guest)[3] == 0
    check_in(access=here.access(), guest=guest)
    one.fetch()
    assert one.holds(guest)[3] == TEN.timestamp() * 1000


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        (TEN + 90 * MINUTE, TEN),  # in the future
        (TEN - datetime.timedelta(days=3), TEN - datetime.timedelta(hours=10)),  # the day begins
        (TEN - 7 * MINUTE, TEN - 7 * MINUTE),
    ],
)
def test_moments_are_bounded(registration, phone, said, noted) -> None:
    guest = comes(registration, "anna")
    one = phone()
    one.fetch()
    one.tick(guest, said)
    one.send()
    guest.refresh_from_db()
    assert guest.came_at == noted


def test_a_phone_whose_clock_is_wrong_tells_how_long_ago(registration, phone) -> None:
    guest = comes(registration, "anna")
    one = phone()
    one.fetch()
    row, wrong = one.holds(guest), 1_000_000_000_000.0
    tick = {"mark": str(uuid4()), "guest": row[1], "at": wrong - 4 * 60_000}
    body = json.dumps({"clock": wrong, "ticks": [tick]})
    path = reverse("events:press_phone_ticks", args=[registration.event.uuid])
    one.client.post(path, body, content_type="application/json", headers={"X-Door-Phone": str(one.uuid)})
    guest.refresh_from_db()
    assert guest.came_at == TEN - 4 * MINUTE


@pytest.mark.slow
def test_500_at_once_cost_as_many_queries_as_three(registration, phone) -> None:
    guests, counts = many(registration, 510), []
    one = phone()
    one.fetch()
    for some in (guests[:3], guests[3:6], guests[6:506]):
        for guest in some:
            one.tick(guest)
        with CaptureQueriesContext(connection) as queries:
            assert one.send().status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert one.known["here"] == 506


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '{"clock": 1}',
        '{"clock": "x", "ticks": []}',
        '{"clock": 1, "ticks": [1]}',
        '{"clock": 1, "ticks": [{"mark": "x", "at": 1}]}',
        '{"clock": 1e300, "ticks": [{"mark": "9f3c8f0e-6a7b-4d51-a0a5-3f8a9e0d7c11", "at": 1}]}',
        '{"clock": NaN, "ticks": [{"mark": "9f3c8f0e-6a7b-4d51-a0a5-3f8a9e0d7c11", "at": 1}]}',
        '{"clock": 1, "ticks": ' + "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused_in_words(registration, phone, event, body) -> None:
    one = phone()
    path = reverse("events:press_phone_ticks", args=[event.uuid])
    answer = one.client.post(
        path, body, content_type="application/json", headers={"X-Door-Phone": str(one.uuid)}
    )
    assert answer.status_code == 422
    assert answer.json()["why"]


@pytest.mark.slow
def test_more_than_a_thousand_and_a_phone_without_a_number_are_refused(registration, phone, event) -> None:
    guest, one = comes(registration, "anna"), phone()
    one.fetch()
    for _number in range(1001):
        one.tick(guest)
    assert one.send().status_code == 422
    assert one.client.get(reverse("events:press_phone_changes", args=[event.uuid])).status_code == 422


def test_a_cancelled_event_takes_nobody_and_one_that_is_over_still_takes_what_was_ticked(
    here, registration, phone, morning
) -> None:
    guest, one = comes(registration, "anna"), phone()
    one.fetch()
    one.tick(guest)
    morning.shift(24 * 60 * 60)
    assert one.fetch().status_code == 410
    answer = one.send()
    assert [one["seen"] for one in answer.json()["answers"]] == ["here"]
    assert "guests" not in answer.json()
    cancel_event(access=here.access(), event=registration.event)
    assert one.fetch().status_code == 410
    one.queue.append({"mark": str(uuid4()), "guest": "0" * 32, "at": 1})
    assert one.send().status_code == 422


NAMES = ("press_phone", "press_phone_changes", "press_phone_ticks", "press_list_pdf", "press_badges_pdf")


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor", "outsider", "neighbour", "anonymous"])
def test_nobody_else_stands_at_the_door(here, event, registration, phone, who) -> None:
    guest, door = comes(registration, "anna"), phone()
    door.fetch()
    door.tick(guest)
    people = {"outsider": lambda: MembershipFactory().person, "neighbour": lambda: stage().user()}
    if who != "anonymous":
        door.client = sign_in(Client(), people.get(who, lambda: here.user(who))())
        assert not live_push.may_subscribe(
            user_id=int(door.client.session["_auth_user_id"]), topic=check_in_topic(event.uuid)
        )
    else:
        door.client = Client()
    for name in NAMES:
        answer = door.client.get(reverse(f"events:{name}", args=[event.uuid]))
        assert answer.status_code in {302, 403, 404, 405}
        assert b"anna" not in answer.content
    assert door.fetch().status_code in {302, 403, 404}
    assert door.send().status_code in {302, 403, 404}
    guest.refresh_from_db()
    assert guest.came_at is None


def test_another_event_and_a_restricted_one_have_doors_of_their_own(here, registration, phone) -> None:
    guest, one = comes(registration, "anna"), phone("editor")
    one.fetch()
    other = announced(here.access("coordinator"), title="Other", starts=f"{TEN.date()} 11:00")
    open_to_press(access=here.access(), event=other, places=9, per_outlet=9, closes_at=TEN + MINUTE)
    one.tick(guest)
    one.event = other
    assert one.says() == ["unknown"]
    assert not one.guests
    registration.event.restricted = True
    registration.event.save()
    registration.event.restricted_to.add(here.access("coordinator").organisation)
    one.event = registration.event
    assert one.fetch().status_code in {403, 404}
    assert not live_push.may_subscribe(
        user_id=here.user("editor").pk, topic=check_in_topic(registration.event.uuid)
    )


def test_who_loses_the_seat_is_at_the_door_no_longer(here, registration, phone) -> None:
    guest, one = comes(registration, "anna"), phone("editor")
    one.fetch()
    one.tick(guest)
    topic = check_in_topic(registration.event.uuid)
    assert live_push.may_subscribe(user_id=here.user("editor").pk, topic=topic)
    end_seat(access=here.access("coordinator"), seat=here.seats["editor"])
    assert one.fetch().status_code == 403  # the event itself is public
    assert one.send().status_code == 403
    assert not live_push.may_subscribe(user_id=here.user("editor").pk, topic=topic)


def test_a_page_kept_for_long_gets_a_new_token_with_the_list(here, event, registration) -> None:
    guest = comes(registration, "anna")
    strict = Client(enforce_csrf_checks=True)
    one = Phone(sign_in(strict, here.user()), event)
    one.fetch()
    one.tick(guest)
    assert one.send().status_code == 403
    token = one.fetch().json()["token"]
    one.client.defaults["HTTP_X_CSRFTOKEN"] = token
    assert one.says() == ["here"]


def test_the_events_page_leads_who_stands_there_to_the_door(here, event, registration) -> None:
    comes(registration, "anna")
    path = reverse("events:press_phone", args=[event.uuid])
    page = sign_in(Client(), here.user()).get(event.get_absolute_url()).content.decode()
    assert path in page
    assert "0 of 1 are here" in page
    assert path not in sign_in(Client(), here.user("reviewer")).get(event.get_absolute_url()).content.decode()
