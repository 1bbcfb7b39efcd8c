"""A socket whose right changes while its text is being opened, which takes a while for a long one."""

from types import SimpleNamespace
from uuid import uuid4

from coalition.realtime import consumers as text_consumer
from coalition.realtime.backend import Grant
from coalition.realtime.client import Client
from coalition.realtime.consumers import TextConsumer

WRITES = Grant(author=uuid4(), organisation=uuid4(), may_write=True)
READS = Grant(author=WRITES.author, organisation=WRITES.organisation)


class SlowHub:
    """While it opens the text, a kick makes the socket look at its right again: it is `then`."""

    def __init__(self, consumer: TextConsumer, then: Grant | None) -> None:
        self.consumer, self.then = consumer, then
        self.here: list[Client] = []

    async def enter(self, _document, grant, send):
        client = Client(grant, send)
        self.here.append(client)
        self.consumer.grant = self.then
        await self.consumer.apply_rights(self.then)
        return SimpleNamespace(epoch=1, is_over=False), client

    def leave(self, _room, client):
        self.here.remove(client)


async def _opened(monkeypatch, then):
    consumer = TextConsumer()
    consumer.scope = {"url_route": {"kwargs": {"document": uuid4()}}, "query_string": b""}
    consumer.user_id, consumer.grant = 1, WRITES
    closed = []

    async def close(code, reason):
        closed.append(code)

    consumer.close = close
    hub = SlowHub(consumer, then)
    monkeypatch.setattr(text_consumer, "get_hub", lambda: hub)
    await consumer.begin()
    return consumer, hub, closed


async def test_what_is_left_of_a_right_counts_from_the_first_letter(monkeypatch):
    consumer, hub, closed = await _opened(monkeypatch, READS)
    (client,) = hub.here
    assert client.grant == READS
    assert closed == []
    await consumer.release()


async def test_who_has_none_any_more_is_not_in_the_room(monkeypatch):
    _consumer, hub, closed = await _opened(monkeypatch, None)
    assert closed == [text_consumer.NOT_FOUND]
    assert hub.here == []
