"""Live documents behind a real server: what one writes, others read, and the database keeps."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from pycrdt import Doc, Text

from coalition import live_push
from coalition.realtime import consumers, frames
from coalition.realtime.backend import record_revocations
from coalition.realtime.frames import STEP1, UPDATE, Presence
from coalition.realtime.models import LiveText, LiveUpdate
from coalition.realtime.store import compact_log, stored_document
from tests.realtime.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)


async def test_two_type_into_one_paragraph_and_agree(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.seeds[document] = "Бастау. "
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    async with Writer(server, document, one_key) as a, Writer(server, document, two_key) as b:
        await asyncio.gather(a.synced.wait(), b.synced.wait())
        for n in range(20):
            await a.write(f"ә{n} ")
            await b.write(f"🌷ж{n} ", at=0)
        await a.until(lambda: "ж19" in str(a.text) and "ә19" in str(a.text))
        await b.until(lambda: str(b.text) == str(a.text))
        await a.until(lambda: a.saved == a.written)
        await b.until(lambda: b.saved == b.written)
        kept = await sync_to_async(stored_document)(document)
        assert str(kept.get("text", type=Text)) == str(a.text)
        assert str(a.text).count("Бастау.") == 1
    authors = await sync_to_async(lambda: set(LiveUpdate.objects.values_list("author", flat=True)))()
    assert authors == {one.uuid, two.uuid, None}


async def test_who_comes_later_gets_everything(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.write("written before")
        await a.until(lambda: a.saved == a.written and a.written)
    async with Writer(server, document, key) as again:
        await again.synced.wait()
        assert str(again.text) == "written before"


async def test_a_reader_changes_nothing(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document)
    async with Writer(server, document, one_key) as a, Writer(server, document, two_key) as reader:
        await a.write("the text")
        await reader.until(lambda: str(reader.text) == "the text")
        await reader.write("forged ")
        await reader.until(lambda: bool(reader.refused))
        assert reader.refused == ["read-only"]
        assert str(a.text) == "the text"
        kept = await sync_to_async(stored_document)(document)
        assert str(kept.get("text", type=Text)) in {"", "the text"}


async def test_what_was_written_before_the_right_ended_is_refused_not_passed_over(
    server, table, document, person
):
    one, key = await person()
    table.let(one, document)
    away = Writer(server, document, key)
    away.text.insert(0, "written without connection")
    async with away, Writer(server, document, key) as reader:
        await away.until(lambda: away.refused)
        await reader.synced.wait()
        assert (away.refused, reader.refused) == (["read-only"], [])
        assert str(reader.text) == ""


async def test_a_write_that_the_owner_refuses_reaches_nobody(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    table.refusing = "forbidden"
    async with Writer(server, document, one_key) as a, Writer(server, document, two_key) as b:
        await a.synced.wait()
        await a.write("forbidden")
        await a.until(lambda: bool(a.refused))
        await b.write("allowed")
        await b.until(lambda: b.saved == b.written)
        assert "forbidden" not in str(b.text)


async def test_strangers_are_closed_out_with_a_final_code(server, table, document, person):
    _stranger, key = await person()
    async with Writer(server, document, key) as stranger:
        assert await stranger.closed_with() == 4404
    async with Writer(server, document, "no-such-session") as nobody:
        assert await nobody.closed_with() == 4401


async def test_a_right_that_ends_ends_the_socket_within_a_second(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        table.rights.clear()
        await sync_to_async(live_push.recheck_sockets)(user_ids=[one.pk], reason="test")
        assert await a.closed_with(1) == 4404


async def test_a_kick_that_the_bus_loses_arrives_all_the_same(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        await asyncio.sleep(1.2)  # the process has begun to read what is kept
        table.rights.clear()
        await sync_to_async(record_revocations)([one.pk])
        assert await a.closed_with(3) == 4404


async def test_a_right_to_write_that_ends_ends_writing(server, table, document, person, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 200.0)  # it is told, it does not look by itself
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.write("first")
        await a.until(lambda: a.saved == a.written)
        table.let(one, document)
        await sync_to_async(live_push.recheck_sockets)(user_ids=[one.pk], reason="test")
        async with asyncio.timeout(20):
            while not a.refused:
                await a.write(" more")
                await asyncio.sleep(0.05)
    kept = await sync_to_async(stored_document)(document)
    assert str(kept.get("text", type=Text)).startswith("first")
    assert a.refused[0] == "read-only"


async def test_a_page_is_told_what_is_left_of_its_right(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        told = 0
        for now, word in (
            ({"suggests_only": True}, "suggest-only"),
            ({}, "read-only"),
            ({"may_write": True}, ""),
            ({}, "read-only"),
        ):
            table.let(one, document, **now)
            await sync_to_async(live_push.recheck_sockets)(user_ids=[one.pk], reason="test")
            told += bool(word)
            await a.until(lambda told=told: len(a.refused) == told, 1)
            await asyncio.sleep(0.1 if not word else 0)  # what comes next is no answer to this
        assert a.refused == ["suggest-only", "read-only", "read-only"]


async def test_a_page_is_told_when_nothing_may_stay_on_the_device(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        assert a.refused == []
        table.let(one, document, may_write=True, stays_on_device=False)
        await sync_to_async(live_push.recheck_sockets)(user_ids=[one.pk], reason="test")
        await a.until(lambda: a.refused == ["off-device"], 1)
    async with Writer(server, document, key) as later:  # a page that was offline meanwhile
        await later.until(lambda: later.refused == ["off-device"], 1)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"", "frame cut off"),
        (b"\x07\x00", "unknown frame"),
        (b"\x00\x05\x01a", "unknown frame"),
        (b"\x00\x02\xff\xff\x03abc", "frame cut off"),
        (b"\x00\x02\x03abc\x00", "frame with a tail"),
        (b"\x00\x02\x03\xff\xff\xff", "not an update"),
        (b"\x00\x00\x03\xff\xff\xff", "not a state vector"),
        (b"\x01\x03\x01\x01\x01", "frame cut off"),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "number too large"),
    ],
)
async def test_garbage_ends_one_socket_and_disturbs_nobody(
    server, table, document, person, frame, why, caplog
):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    async with Writer(server, document, one_key) as a, Writer(server, document, two_key) as b:
        await asyncio.gather(a.synced.wait(), b.synced.wait())
        await a.socket.send(frame)
        assert await a.closed_with() == 4400
        assert a.socket.close_reason == why
        await b.write("still here")
        await b.until(lambda: b.saved == b.written)
    assert "Traceback" not in caplog.text


async def test_nobody_stands_under_anothers_name(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    async with Writer(server, document, one_key) as a, Writer(server, document, two_key) as b:
        await asyncio.gather(a.synced.wait(), b.synced.wait())
        await a.send(
            frames.awareness_frame([Presence(11, 1, {"user": {"name": "somebody else"}, "cursor": 3})])
        )
        await b.until(lambda: 11 in b.presences)
        assert b.presences[11] == {"user": {"name": one.name}, "cursor": 3}
        # The sender hears itself; another's state is not taken from it.
        await a.until(lambda: 11 in a.presences)
        await b.send(frames.awareness_frame([Presence(11, 9, None), Presence(22, 1, {"cursor": 1})]))
        await a.until(lambda: 22 in a.presences)
        assert a.presences[11] is not None
    async with Writer(server, document, two_key) as later:
        await later.synced.wait()
        assert not [one for one in later.presences.values() if one]


async def test_who_leaves_is_seen_to_leave(server, table, document, person):
    one, one_key = await person()
    two, two_key = await person()
    table.let(one, document, may_write=True)
    table.let(two, document, may_write=True)
    async with Writer(server, document, two_key) as b:
        async with Writer(server, document, one_key) as a:
            await a.send(frames.awareness_frame([Presence(11, 1, {"cursor": 3})]))
            await b.until(lambda: b.presences.get(11) is not None)
        await b.until(lambda: b.presences[11] is None)


async def test_another_history_is_told(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key, query="?epoch=7") as old:
        assert await old.closed_with() == 4409
    async with Writer(server, document, key, query="?epoch=1") as same:
        await asyncio.wait_for(same.synced.wait(), 2)


async def test_a_person_has_ten_windows(server, table, document, person):
    one, key = await person()
    table.let(one, document)
    writers = [Writer(server, document, key) for _ in range(11)]
    for writer in writers[:10]:
        await writer.__aenter__()
        await writer.synced.wait()
    async with writers[10] as last:
        assert await last.closed_with() == 4429
    for writer in writers[:10]:
        await writer.__aexit__(None, None, None)
    async with Writer(server, document, key) as again:
        await asyncio.wait_for(again.synced.wait(), 2)


async def test_more_than_sixty_frames_a_second_end_the_socket(server, table, document, person):
    one, key = await person()
    table.let(one, document)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        for _ in range(80):
            await a.socket.send(frames.sync_frame(STEP1, b"\x00"))
        assert await a.closed_with() == 4400


async def test_a_missing_predecessor_is_asked_for(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        await a.synced.wait()
        made: list[bytes] = []
        seen = a.doc.observe(lambda event: made.append(event.update))
        a.text.insert(0, "first ")
        a.text.insert(6, "second")
        a.doc.unobserve(seen)
        await a.send(frames.sync_frame(UPDATE, made[1]))
        # The server asks; the answer brings both.
        await a.until(lambda: a.saved == a.written and a.written >= 2)
    kept = await sync_to_async(stored_document)(document)
    assert str(kept.get("text", type=Text)) == "first second"


async def test_compaction_keeps_the_text_and_its_authors(server, table, document, person):
    one, key = await person()
    table.let(one, document, may_write=True)
    async with Writer(server, document, key) as a:
        for n in range(3):
            await a.write(f"{n} ")
            await a.until(lambda: a.saved == a.written)

    def aged_and_compacted():
        LiveUpdate.objects.update(at="2026-01-01T00:00:00Z")
        assert compact_log(document)
        assert not compact_log(document)
        return list(LiveUpdate.objects.values_list("author", "held", "size"))

    rows = await sync_to_async(aged_and_compacted)()
    assert {author for author, _held, _size in rows} <= {one.uuid, None}
    assert not any(held for _author, held, _size in rows)
    assert all(size for _author, _held, size in rows)
    kept = await sync_to_async(stored_document)(document)
    assert str(kept.get("text", type=Text)) == "0 1 2 "
    snapshot = await sync_to_async(lambda: LiveText.objects.get(document=document).snapshot)()
    whole = Doc()
    whole.apply_update(bytes(snapshot))
    assert str(whole.get("text", type=Text)) == "0 1 2 "
