"""A right that ends, ends now: on the session that is open, and on the socket, which is told."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from coalition.partners.domain.leave import end_membership
from coalition.partners.models import Membership, User
from coalition.realtime import person_consumer
from coalition.roles import SeatRole
from coalition.workspaces.domain import freeze, seats
from coalition.workspaces.models import Seat
from coalition.workspaces.rules import access_to
from documents.domain.create_draft import create_draft
from tests.conftest import sign_in
from tests.factories import OfficeFactory, seat
from tests.realtime.sockets import BUSY, Socket

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Canary title"


def take_seat(held: Seat, by: User) -> None:
    seats.take(access=access_to(by, held.workspace.uuid), seat=held)


def leave(held: Seat, _by: User) -> None:
    membership = Membership.objects.get(person=held.person, organisation=held.organisation)
    end_membership(by=held.person, membership=membership)


def freeze_organisation(held: Seat, by: User) -> None:
    asked = freeze.ask(by=by, organisation=held.organisation, reason="A phone was lost")
    if asked.frozen_at is None:
        freeze.confirm(by=OfficeFactory().person, freeze=asked)


def prepare() -> tuple[Seat, User, Client, list[str]]:
    by = seat(role=SeatRole.COORDINATOR)
    held = seat(workspace=by.workspace, role=SeatRole.EDITOR)
    draft = create_draft(access=access_to(held.person, held.workspace.uuid), title=CANARY)
    browser = sign_in(Client(), held.person)
    paths = [
        reverse("documents:drafts", args=[held.workspace.uuid]),
        reverse("documents:text", args=[draft.uuid, "kk"]),
        reverse("workspaces:activity", args=[held.workspace.uuid]),
    ]
    return held, by.person, browser, paths


def shown(browser: Client, paths: list[str]) -> list[bool]:
    return [CANARY in browser.get(path, follow=True).content.decode() for path in paths]


async def ends(socket: Socket, topic: str) -> bool:
    """The topic is refused or the socket closed; returns which. A push of an id may come before."""
    async with asyncio.timeout(BUSY):
        while True:
            told = await socket.receive_output(BUSY)
            if told["type"] == "websocket.close":
                return True
            if json.loads(told["text"]) == {"refused": topic}:
                return False


@pytest.mark.parametrize("take_away", [take_seat, leave, freeze_organisation])
async def test_the_next_request_and_the_open_socket_know(take_away, monkeypatch) -> None:
    monkeypatch.setattr(person_consumer, "LOOK_AGAIN", 10 * BUSY)  # it is told, it does not look by itself
    held, by, browser, paths = await sync_to_async(prepare)()
    assert await sync_to_async(shown)(browser, paths) == [True, True, True]
    socket = Socket(cookie=f"sessionid={browser.cookies['sessionid'].value}")
    assert await socket.open()
    topic = f"workspace:{held.workspace.uuid}"
    assert await socket.ask(subscribe=topic) == {"subscribed": topic}

    await sync_to_async(take_away)(held, by)

    closed = await ends(socket, topic)
    assert await sync_to_async(shown)(browser, paths) == [False, False, False]
    if not closed:
        await socket.leave()
