"""The live socket behind a real uvicorn, over a real connection, pushed from a thread of the server."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coalition import live_push
from coalition.accounts.actions.memberships import end_sessions
from tests.factories import seat

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(server: str, session_key: str) -> connect:
    """A page of the person, opened from the site itself."""
    return connect(
        f"ws://{server}/ws/live/",
        origin=f"http://{server}",
        additional_headers={"Cookie": f"sessionid={session_key}"},
    )


async def test_pushes_arrive_and_a_kick_closes_within_a_second(server, client_of):
    held = await sync_to_async(seat)()
    browser = await sync_to_async(client_of)(held.person)
    key = await sync_to_async(lambda: browser.session.session_key)()
    topic = f"workspace:{held.workspace.uuid}"
    async with page_of(server, key) as socket:
        await socket.send(json.dumps({"subscribe": topic}))
        assert json.loads(await socket.recv()) == {"subscribed": topic}
        await sync_to_async(live_push.push_topic)(topic=topic, last_id=5)
        assert json.loads(await asyncio.wait_for(socket.recv(), 1)) == {"topic": topic, "last": 5}
        await sync_to_async(end_sessions)([held.person])
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 1)
    assert closed.value.rcvd.code == 4401


async def test_a_frame_above_the_servers_limit_closes_the_socket(server, client_of):
    held = await sync_to_async(seat)()
    browser = await sync_to_async(client_of)(held.person)
    key = await sync_to_async(lambda: browser.session.session_key)()
    async with page_of(server, key) as socket:
        await socket.send("x" * (1024 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 2)
    assert closed.value.rcvd.code in {1009, 4400}


@pytest.mark.parametrize("path", ["/ws/", "/ws/none/", "/ws/drafts/None/", "/"])
async def test_an_unknown_websocket_address_is_not_found(server, path, caplog):
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{server}{path}", origin=f"http://{server}")
    assert refused.value.response.status_code == 404
    assert not [record for record in caplog.records if record.exc_info or record.levelname == "ERROR"]
