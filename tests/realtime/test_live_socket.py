"""The live socket: who may open it, what it tells, how soon it ends, and what it does not bear."""

import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from coalition import asgi, live_push
from coalition.accounts.actions.memberships import (
    end_membership,
    end_sessions,
    give_mandate,
    sign_out_everywhere,
)
from coalition.accounts.models import MembershipRole
from coalition.core.clock import now
from coalition.realtime import consumers
from coalition.roles import SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.workspaces import create_workspace
from tests.factories import PASSWORD, FreezeFactory, MembershipFactory, OfficeFactory, WorkspaceFactory, seat
from tests.realtime.sockets import BUSY, Socket

pytestmark = pytest.mark.django_db(transaction=True)


def cookie_of(browser) -> str:
    return f"sessionid={browser.session.session_key}"


async def opened(cookie: str = "", **words) -> Socket:
    socket = Socket(cookie=cookie, **words)
    assert await socket.open(), "a refused handshake would be tried again for ever"
    return socket


@sync_to_async
def in_thread(function, *args, **kwargs):
    return function(*args, **kwargs)


@pytest.fixture
def held():
    return seat(role=SeatRole.REVIEWER)


@pytest.fixture
def cookie(held, client_of):
    return cookie_of(client_of(held.person))


async def test_a_person_with_a_seat_hears_what_happens(held, cookie):
    socket = await opened(cookie)
    topic = f"workspace:{held.workspace.uuid}"
    assert await socket.ask(subscribe=topic) == {"subscribed": topic}
    row = await in_thread(
        activity.record_activity,
        "workspace.created",
        workspace=held.workspace,
        actor=held.person,
        organisation=held.organisation,
    )
    assert await socket.hear() == {"topic": topic, "last": row.pk}
    await in_thread(live_push.push_counter, user_id=held.person.pk, what="waiting")
    assert await socket.hear() == {"nudge": "waiting"}
    assert await socket.ask(ping=1) == {"pong": 1}
    await socket.say(json.dumps({"unsubscribe": topic}))
    await in_thread(live_push.push_topic, topic=topic, last_id=1)
    assert await socket.receive_nothing(0.2)
    await socket.leave()


@pytest.mark.parametrize("topic", ["workspace:{other}", "workspace:nonsense", "person:1", "unknown:1"])
async def test_what_is_not_theirs_is_refused(cookie, topic):
    other = await in_thread(WorkspaceFactory)
    socket = await opened(cookie)
    wanted = topic.format(other=other.uuid)
    assert await socket.ask(subscribe=wanted) == {"refused": wanted}
    await in_thread(live_push.push_topic, topic=wanted, last_id=7)
    assert await socket.receive_nothing(0.2)
    await socket.leave()


@pytest.mark.parametrize("cookie", ["", "sessionid=nonsense", "sessionid="])
async def test_strangers_are_accepted_and_closed(cookie):
    socket = await opened(cookie)
    assert await socket.closing() == 4401


async def test_another_site_cannot_open_it(cookie, monkeypatch):
    validator = asgi.router.application_mapping["websocket"]
    monkeypatch.setattr(validator, "allowed_origins", ["testserver"])
    assert not await Socket(cookie=cookie, origin="https://elsewhere.example").open()


async def test_without_the_second_factor_it_closes(client_of):
    representative = await in_thread(MembershipFactory, role=MembershipRole.REPRESENTATIVE)
    browser = await in_thread(client_of, representative.person, second_factor=False)
    socket = await opened(await in_thread(cookie_of, browser))
    assert await socket.closing() == 4403


@pytest.mark.parametrize("way", ["coordinator", "mandate"])
async def test_whoever_needs_the_second_factor_from_now_on_is_out_within_a_second(client_of, way):
    member = await in_thread(MembershipFactory)
    browser = await in_thread(client_of, member.person, second_factor=False)
    socket = await opened(await in_thread(cookie_of, browser))
    assert await socket.ask(ping=1)

    def give() -> None:
        if way == "coordinator":
            create_workspace(
                by=OfficeFactory().person,
                title="Hotline",
                coordinator=member.person,
                organisation=member.organisation,
            )
        else:
            role, ends = MembershipRole.REPRESENTATIVE, now() + timedelta(days=1)
            by = MembershipFactory(organisation=member.organisation, role=role).person
            give_mandate(by=by, membership=member, subject="", valid_from=now(), valid_until=ends)

    await in_thread(give)
    assert await socket.closing() == 4403


@pytest.mark.parametrize("way", ["signed out", "everywhere", "left", "frozen", "new password"])
async def test_it_ends_within_a_second(client_of, way):
    representative = await in_thread(MembershipFactory, role=MembershipRole.REPRESENTATIVE)
    held = await in_thread(seat, organisation=representative.organisation)
    browser = await in_thread(client_of, held.person)
    socket = await opened(await in_thread(cookie_of, browser))
    assert await socket.ask(ping=1)

    def end() -> None:
        if way == "signed out":
            end_sessions([held.person])
        elif way == "everywhere":
            sign_out_everywhere(person=held.person)
        elif way == "left":
            own = held.person.memberships.get()
            end_membership(by=held.person, membership=own)
        elif way == "new password":
            new = "five-new-tulips-here"
            typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
            assert client_of(held.person).post("/accounts/password/change/", typed).status_code == 302
        else:
            FreezeFactory(organisation=held.organisation, frozen_at=timezone.now())
            live_push.recheck_sockets(user_ids=[held.person.pk], reason="frozen")

    await in_thread(end)
    assert await socket.closing() == 4401


async def test_a_topic_ends_when_the_seat_does(held, cookie, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 10 * BUSY)  # it is told, it does not look by itself
    await in_thread(MembershipFactory, person=held.person)
    own = await in_thread(held.person.memberships.get, organisation=held.organisation)
    await in_thread(MembershipFactory, organisation=held.organisation, role=MembershipRole.REPRESENTATIVE)
    socket = await opened(cookie)
    topic = f"workspace:{held.workspace.uuid}"
    await socket.ask(subscribe=topic)
    await in_thread(end_membership, by=held.person, membership=own)
    async with asyncio.timeout(BUSY):
        while await socket.hear() != {"refused": topic}:  # that the seat ended is told before
            pass
    await in_thread(live_push.push_topic, topic=topic, last_id=9)
    assert await socket.receive_nothing(0.2)
    await socket.leave()


async def test_it_looks_by_itself_when_the_kick_is_lost(held, cookie, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.1)
    socket = await opened(cookie)
    await socket.ask(ping=1)
    await in_thread(FreezeFactory, organisation=held.organisation, frozen_at=timezone.now())
    assert await socket.closing() == 4401


def test_it_looks_every_five_seconds():
    assert consumers.RECHECK_SECONDS <= 5


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        "null",
        '"ping"',
        "{}",
        '{"subscribe": 1}',
        '{"subscribe": "workspace:../x"}',
        '{"subscribe": "workspace:x", "ping": 1}',
        '{"publish": "workspace:x"}',
        '{"subscribe": "' + "x" * 5000 + '"}',
        "[" * 4000,
        '{"subscribe": "жұмыс:1"}',
        "",
    ],
)
async def test_malformed_frames_close_with_a_reason(cookie, frame, caplog):
    socket = await opened(cookie)
    await socket.say(frame)
    assert await socket.closing() == 4400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_bytes_close_with_a_reason(cookie):
    socket = await opened(cookie)
    await socket.say(b"\x00\x01")
    assert await socket.closing() == 4400


async def test_too_many_messages_close(cookie):
    socket = await opened(cookie)
    for _ in range(21):
        await socket.say('{"ping": 1}')
    assert await socket.closing() == 4400


async def test_too_many_topics_close(cookie, monkeypatch):
    monkeypatch.setattr(live_push, "may_subscribe", lambda **_words: True)
    monkeypatch.setattr("coalition.realtime.bus.MOST_MESSAGES", 100)
    socket = await opened(cookie)
    for number in range(30):
        await socket.ask(subscribe=f"workspace:{number}")
        await asyncio.sleep(0.05)
    await socket.say('{"subscribe": "workspace:31"}')
    assert await socket.closing() == 4400
