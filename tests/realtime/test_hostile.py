"""One browser that keeps no rule: it is refused, that is logged once, and nobody else notices."""

import asyncio
import contextlib
import logging
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed

from coalition.realtime import frames
from coalition.realtime.frames import STEP2, UPDATE, Presence
from coalition.realtime.store import stored_document
from tests.realtime.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"writes": {"may_write": True}, "suggests": {"suggests_only": True}, "reads": {}}


@pytest.fixture
def scene(server, table, document, person, caplog):
    """`async with scene(role) as (hostile, honest)`: two people in one text; afterwards the honest one has
    lost nothing, and the log has one line about the other."""

    @asynccontextmanager
    async def play(role: str, says: str = ""):
        one, one_key = await person()
        two, two_key = await person()
        table.let(one, document, **RULES[role])
        table.let(two, document, may_write=True)
        async with Writer(server, document, one_key) as hostile, Writer(server, document, two_key) as honest:
            await asyncio.gather(hostile.synced.wait(), honest.synced.wait())
            await honest.write("before ")
            await honest.until(lambda: honest.saved == honest.written)
            yield hostile, honest
            await honest.write("after")
            await honest.until(lambda: honest.saved == honest.written)
            assert str(honest.text) == "before after"
        kept = await sync_to_async(stored_document)(document)
        assert str(kept.get("text", type=Text)) == "before after"
        lines = [line for line in caplog.records if line.levelno >= logging.WARNING]
        assert len(lines) == (1 if says else 0), [line.getMessage() for line in lines]
        assert all(says in line.getMessage() and str(one.uuid) in line.getMessage() for line in lines)
        assert "Traceback" not in caplog.text

    return play


def update_of(words: str, client_id: int = 0) -> bytes:
    doc = Doc(client_id=client_id) if client_id else Doc()
    doc["text"] = Text(words)
    return doc.get_update()


async def insist(hostile: Writer, frame: bytes) -> None:
    """Send the frame as long as the socket takes it, within the limit of sixty a second."""
    with contextlib.suppress(ConnectionClosed):
        for _ in range(55):
            await hostile.socket.send(frame)
            await asyncio.sleep(0)


async def test_a_frame_of_two_megabytes(scene):
    async with scene("writes", "frame too large") as (hostile, _honest):
        await hostile.socket.send(frames.sync_frame(UPDATE, update_of("x" * 2_000_000)))
        assert await hostile.closed_with() == 1009


async def test_garbage_again_and_again(scene):
    async with scene("writes", "not an update") as (hostile, _honest):
        await insist(hostile, frames.sync_frame(UPDATE, b"\x01\x01\x05\x00\x63garbage"))
        assert await hostile.closed_with() == 4400


async def test_what_would_end_the_process(scene):
    nested = b"\x01\x01\x05\x00\x08\x01\x04text\x01" + b"\x75\x01" * 300_000 + b"\x7e\x00"
    async with scene("writes", "not an update") as (hostile, _honest):
        await hostile.socket.send(frames.sync_frame(UPDATE, nested))
        assert await hostile.closed_with() == 4400


async def test_updates_without_right(scene):
    async with scene("reads", "read-only") as (hostile, _honest):
        for _ in range(5):
            await hostile.send(frames.sync_frame(UPDATE, update_of("forged ")))
        await hostile.until(lambda: len(hostile.refused) == 5)
        await hostile.send(frames.sync_frame(STEP2, update_of("forged ")))
        await hostile.until(lambda: hostile.saved == hostile.written)


async def test_direct_edits_of_who_may_only_suggest(scene, table):
    table.refusing = "direct"
    async with scene("suggests", "refused") as (hostile, _honest):
        for _ in range(5):
            await hostile.send(frames.sync_frame(UPDATE, update_of("direct ")))
        await hostile.until(lambda: len(hostile.refused) == 5)


async def test_an_edit_in_two_halves_of_which_the_second_comes_first(scene, table):
    """Held back in the document, the second half would take effect with the first, which looks harmless."""
    table.refusing = "direct"
    made: list[bytes] = []
    doc = Doc()
    doc.observe(lambda event: made.append(event.update))
    text = doc.get("text", type=Text)
    text.insert(0, " ")
    text.insert(1, "direct ")
    del text[0:1]
    async with scene("suggests", "refused") as (hostile, honest):
        for update in (made[2], made[1]):
            await hostile.send(frames.sync_frame(UPDATE, update))
        await hostile.send(frames.sync_frame(STEP2, doc.get_update()))
        await hostile.until(lambda: bool(hostile.refused))
        assert str(honest.text) == "before "


async def test_words_are_not_deleted_before_they_are_written(scene):
    """A deletion of what somebody will write next, kept by the document, would eat their words."""
    async with scene("writes") as (hostile, honest):
        client = honest.doc.client_id
        deletion = (
            b"\x00\x01"
            + frames._encode_uint(client)
            + b"\x01"
            + frames._encode_uint(7)
            + frames._encode_uint(50)
        )
        await hostile.send(frames.sync_frame(UPDATE, deletion))
        await asyncio.sleep(0.1)


async def test_who_goes_on_and_on_is_closed_out(scene):
    async with scene("reads", "read-only") as (hostile, _honest):
        await insist(hostile, frames.sync_frame(UPDATE, update_of("forged ")))
        assert await hostile.closed_with() == 4400


async def test_writing_under_anothers_replica(scene):
    """Its author's own next words would be taken for known, and lost."""
    async with scene("writes", "another's replica") as (hostile, honest):
        client = honest.doc.client_id
        state = frames.read_state_vector(honest.doc.get_state())[client]
        doc = Doc(client_id=client)
        doc.apply_update(honest.doc.get_update())
        forged: list[bytes] = []
        doc.observe(lambda event: forged.append(event.update))
        doc.get("text", type=Text).insert(0, "forged ")
        assert state == 7
        await hostile.send(frames.sync_frame(UPDATE, forged[0]))
        await hostile.until(lambda: bool(hostile.refused))


@pytest.mark.parametrize(
    "state", [b'{"a":NaN}', rb'{"a":"\ud800"}', b"[" * 3000, b'{"a":1e999}', b"7", b"{" + b" " * 5000 + b"}"]
)
async def test_states_that_would_break_other_pages(scene, state):
    why = "awareness too large" if len(state) > 4096 else "awareness is no"
    async with scene("writes", why) as (hostile, _honest):
        body = b"\x01\x05\x01" + frames._with_length(state)
        await hostile.socket.send(bytes([frames.AWARENESS]) + frames._with_length(body))
        assert await hostile.closed_with() == 4400


async def test_anothers_identity(scene):
    async with scene("writes") as (hostile, honest):
        mine, forged = Presence(11, 1, {"cursor": 1}), Presence(11, 9, {"user": {"name": "me"}, "cursor": 2})
        await honest.send(frames.awareness_frame([mine]))
        await honest.until(lambda: 11 in honest.presences)
        true = honest.presences[11]
        await hostile.send(frames.awareness_frame([forged, Presence(11, 9, None)]))
        await hostile.send(frames.awareness_frame([Presence(12, 1, {"user": {"name": "another"}})]))
        await honest.until(lambda: 12 in honest.presences)
        assert honest.presences[11] == true
        assert honest.presences[12]["user"] != {"name": "another"}
        identity = honest.presences[12]["user"]
        ways = (
            rb'{"\u0075ser":{"name":"another"},"cursor":1}',
            rb'{"user":{"name":"me"},"user":{"name":"another"},"cursor":2}',
            rb'{"user":{"name":"me"},"\u0075s\u0065r":{"name":"\u0061nother"},"cursor":3}',
            rb'{"user":null,"__proto__":{"user":{"name":"another"}},"cursor":4}',
        )
        for count, state in enumerate(ways, 2):
            body = b"\x01\x0c" + bytes([count]) + frames._with_length(state)
            await hostile.send(bytes([frames.AWARENESS]) + frames._with_length(body))
            await honest.until(lambda: honest.presences[12].get("cursor") == count - 1)  # noqa: B023  at once
            assert honest.presences[12]["user"] == identity


async def test_strange_addresses_are_no_exceptions(server, table, document, person, caplog):
    one, key = await person()
    table.let(one, document)
    for query in ("?epoch=" + "9" * 5000, "?epoch=%ff%fe", "?epoch=²", "?epoch", "?%00=&&=", "?epoch=-1"):
        async with Writer(server, document, key, query=query) as writer:
            await asyncio.wait_for(writer.synced.wait(), 5)
    assert "Traceback" not in caplog.text
    assert not [line for line in caplog.records if line.levelno >= logging.WARNING]
