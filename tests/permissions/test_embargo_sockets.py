"""Sockets that are open while a text under embargo is moved and lifted: what they are sent."""

import asyncio
import datetime
import json

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from coalition.workspaces.permissions import access_to
from documents.models import Publication
from documents.publication.actions import publish_approved
from documents.publication.embargo.actions import schedule_publication
from tests.conftest import sign_in
from tests.permissions.cells import SECRET
from tests.permissions.embargo_world import add_embargoes
from tests.permissions.world import World, peopled
from tests.realtime.sockets import Socket


@pytest.mark.django_db(transaction=True)
async def test_sockets_tell_that_something_changed_and_no_word(site) -> None:
    """The moment is moved and the embargo lifted while an observer, an outsider and a coordinator listen."""
    made = await sync_to_async(peopled)()
    await sync_to_async(add_embargoes)(made)
    sockets = [await _listening(made, role) for role in ("observer", "outsider", "coordinator")]

    await sync_to_async(_move_and_lift)(made)

    heard = [await _frames(socket) for socket in sockets]
    assert heard[2], "whoever coordinates is told that something changed"
    assert SECRET.findall("".join(heard)) == []


async def _listening(made: World, role: str) -> Socket:
    browser = await sync_to_async(sign_in)(Client(), made.people[role])
    socket = Socket(cookie=f"sessionid={browser.cookies['sessionid'].value}")
    assert await socket.open()
    topics = [f"workspace:{made.workspace.uuid}", f"round:{made.things['embargo']['round_uuid']}"]
    for topic in topics:
        await socket.ask(subscribe=topic)
    return socket


async def _frames(socket: Socket) -> str:
    """All that comes within a second."""
    heard = []
    try:
        async with asyncio.timeout(1):
            while True:
                heard.append(json.dumps(await socket.receive_output(1)))
    except TimeoutError:
        return "\n".join(heard)


def _move_and_lift(made: World) -> None:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    publication = Publication.objects.select_related("round").get(uuid=made.things["embargo"]["publication"])
    assert publication.scheduled_at is not None
    schedule_publication(
        access=access, round_=publication.round, at=publication.scheduled_at + datetime.timedelta(hours=1)
    )
    publish_approved(access=access, round_=publication.round)
