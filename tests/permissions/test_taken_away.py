"""A right that ends, ends now: on the session that is open and on every socket, which is told at once."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.urls import reverse

from coalition import live_push
from coalition.realtime import consumers
from documents.drafts.actions.manage import save_text
from tests.documents.conftest import body
from tests.permissions import surfaces
from tests.permissions.ways_to_lose import (
    AFTERWARDS,
    CANARY,
    EVERYTHING,
    OF_THE_DRAFT,
    SESSION_ENDS,
    WAYS,
    Open,
    opened,
)
from tests.realtime.sockets import BUSY, Socket

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_socket_and_every_topic_is_looked_at() -> None:
    assert surfaces.listed()["sockets"].keys() == {"/ws/drafts/<uuid:document>/", "/ws/live/"}
    assert live_push._subscribe_permissions.keys() == EVERYTHING


def pages_of(there: Open) -> list[str]:
    return [
        reverse("documents:drafts", args=[there.held.workspace.uuid]),
        reverse("documents:text", args=[there.draft.uuid, "kk"]),
    ]


def shown(there: Open) -> list[bool]:
    return [CANARY in there.browser.get(path, follow=True).content.decode() for path in pages_of(there)]


def polled(there: Open) -> set[str]:
    """What a page without a socket hears of: kinds of topics."""
    answer = there.browser.get("/workspaces/pulse.json", {"topic": [*there.topics.values()]})
    return {topic.partition(":")[0] for topic in answer.json().get("topics", {})}


async def refused(socket: Socket, wanted: set[str]) -> bool:
    """Hear until these topics are refused; whether the socket was closed instead. Pushes may come before."""
    async with asyncio.timeout(BUSY):
        while wanted:
            told = await socket.receive_output(BUSY)
            if told["type"] == "websocket.close":
                return True
            wanted = wanted - {json.loads(told["text"]).get("refused")}
    return False


async def sockets_of(there: Open, text: str) -> tuple[Socket, Socket]:
    """The live socket with every topic, and the text's, both open and quiet."""
    cookie = f"sessionid={there.browser.cookies['sessionid'].value}"
    page, writing = Socket(cookie=cookie), Socket(f"/ws/drafts/{text}/", cookie=cookie)
    assert await page.open()
    for topic in there.topics.values():
        assert await page.ask(subscribe=topic) == {"subscribed": topic}
    assert await writing.open()
    assert (await writing.receive_output(BUSY))["type"] == "websocket.send"
    return page, writing


def afterwards(there: Open, lost: frozenset[str]) -> None:
    """Somebody writes on, and every topic that was lost is told of."""
    text = there.draft.texts.select_related("draft").get(language="kk")
    save_text(access=there.leading, text=text, title=AFTERWARDS, lead="", body=body(AFTERWARDS))
    for kind in lost:
        live_push.push_topic(topic=there.topics[kind], last_id=10**6)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_the_next_request_and_every_open_socket_know(site, way, monkeypatch) -> None:
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 10 * BUSY)  # it is told, it does not look by itself
    there: Open = await sync_to_async(opened)()
    lost = WAYS[way]
    assert await sync_to_async(shown)(there) == [True, True]
    assert await sync_to_async(polled)(there) == EVERYTHING
    text = await sync_to_async(lambda: str(there.text))()
    page, writing = await sockets_of(there, text)

    await sync_to_async(way)(there)

    is_closed = await refused(page, {there.topics[kind] for kind in lost})
    assert is_closed == (way in SESSION_ENDS)
    loses_draft = bool(lost & OF_THE_DRAFT)
    if loses_draft:
        assert await writing.closing() in {4401, 4404}
    await sync_to_async(afterwards)(there, lost)
    if not is_closed:
        while not await page.receive_nothing(0.3):
            told = await page.hear()
            assert told.get("topic") not in {there.topics[kind] for kind in lost}
            assert "refused" not in told
        await page.leave()
    if loses_draft:
        assert await writing.receive_nothing(0.2), "nothing that was written afterwards"
    else:
        await writing.leave()
    assert await sync_to_async(shown)(there) == [not loses_draft] * 2
    assert await sync_to_async(polled)(there) == (set() if is_closed else EVERYTHING - lost)
