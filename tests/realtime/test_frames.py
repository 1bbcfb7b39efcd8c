"""Frames and updates, held against the real yjs in both directions, and against whatever bytes there are."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pycrdt import Doc, Text

from coalition.realtime import frames, updates
from coalition.realtime.frames import BadFrame, Presence
from tests.realtime.yjs import HERE, read_by_yjs

GOLDEN = json.loads((Path(HERE) / "golden.json").read_text(encoding="utf-8"))
UPDATES = GOLDEN["updates"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
states = st.none() | st.dictionaries(st.text(), json_values, max_size=4)
presences = st.lists(
    st.builds(Presence, st.integers(0, 2**32 - 1), st.integers(0, 2**32), states),
    max_size=5,
    unique_by=lambda one: one.client,
)


def test_we_read_what_yjs_asks():
    frame = frames.read_frame(bytes.fromhex(GOLDEN["step1"]["frame"]))
    assert (frame.kind, frame.part) == (frames.SYNC, frames.STEP1)
    wanted = {int(client): count for client, count in GOLDEN["step1"]["state"].items()}
    assert frames.read_state_vector(frame.payload) == wanted


def test_we_read_what_yjs_answers():
    frame = frames.read_frame(bytes.fromhex(GOLDEN["step2"]["frame"]))
    assert (frame.kind, frame.part) == (frames.SYNC, frames.STEP2)
    assert frame.payload.hex() == GOLDEN["step2"]["update"]


@pytest.mark.parametrize("name", UPDATES)
def test_we_read_what_yjs_writes(name):
    golden = UPDATES[name]
    frame = frames.read_frame(bytes.fromhex(golden["frame"]))
    assert (frame.kind, frame.part) == (frames.SYNC, frames.UPDATE)
    assert frame.payload.hex() == golden["update"]
    change = updates.read_update(frame.payload)
    assert [list(run) for run in change.structs] == golden["runs"]
    assert [list(one) for one in change.deletes] == golden["deletes"]


@pytest.mark.parametrize("name", ["awareness", "left"])
def test_we_read_who_is_there(name):
    frame = frames.read_frame(bytes.fromhex(GOLDEN[name]["frame"]))
    assert frame.kind == frames.AWARENESS
    found = [vars(one) for one in frames.read_presences(frame.payload)]
    assert found == GOLDEN[name]["states"]


def test_we_read_who_asks_who_is_there():
    assert frames.read_frame(bytes.fromhex(GOLDEN["query"]["frame"])).kind == frames.QUERY_AWARENESS


def test_yjs_reads_what_we_write():
    doc = Doc()
    doc["text"] = Text("Қазақша, по-русски, 🌷")
    shown = {"user": {"person": "қ🌷"}, "cursor": None}
    asked, answered, written, here, gone, saved, refused = read_by_yjs(
        [
            frames.sync_frame(frames.STEP1, doc.get_state()),
            frames.sync_frame(frames.STEP2, doc.get_update()),
            frames.sync_frame(frames.UPDATE, doc.get_update()),
            frames.awareness_frame([Presence(2**32 - 1, 300, shown), Presence(5, 1, {})]),
            frames.awareness_frame([Presence(7, 2, None)]),
            frames.saved_frame(70_000),
            frames.refused_frame("read-only"),
        ]
    )
    assert asked == {"kind": 0, "part": 0, "text": "", "answers": True, "left": False}
    whole = {"kind": 0, "text": "Қазақша, по-русски, 🌷", "answers": False, "left": False}
    assert answered == whole | {"part": 1}
    assert written == whole | {"part": 2}
    assert here == {"kind": 1, "states": {str(2**32 - 1): shown, "5": {}}, "left": False}
    assert gone == {"kind": 1, "states": {}, "left": False}
    assert saved == {"kind": 10, "saved": 70_000, "left": False}
    assert refused == {"kind": 11, "refused": "read-only", "left": False}


@given(presences)
def test_presences_come_back_as_they_were(some):
    frame = frames.read_frame(frames.awareness_frame(some))
    assert frames.read_presences(frame.payload) == some


@given(st.sampled_from([frames.STEP1, frames.STEP2, frames.UPDATE]), st.binary())
def test_a_sync_frame_comes_back_as_it_was(part, payload):
    assert frames.read_frame(frames.sync_frame(part, payload)) == frames.Frame(frames.SYNC, part, payload)


@given(st.binary())
def test_no_bytes_raise_anything_but_what_they_are(data):
    for read in (frames.read_frame, frames.read_presences, frames.read_state_vector, updates.read_update):
        with contextlib.suppress(BadFrame):
            read(data)


@pytest.mark.parametrize(
    "state",
    [
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": -Infinity}',
        r'{"a": "\ud800"}',
        "[1]",
        "1",
        '"x"',
        "{",
        "[" * 3000,
    ],
)
def test_a_state_that_browsers_cannot_read_is_refused(state):
    payload = b"\x01\x05\x01" + frames._with_length(state.encode())
    with pytest.raises(BadFrame):
        frames.read_presences(payload)


def test_a_count_that_nobody_can_go_beyond_is_refused():
    with pytest.raises(BadFrame, match="number too large"):
        frames.read_presences(b"\x01\x05" + frames._encode_uint(2**53 - 1) + b"\x02{}")


@settings(max_examples=300)
@given(st.sampled_from(sorted(UPDATES)), st.data())
def test_a_damaged_update_is_read_or_refused(name, data):
    update = bytearray.fromhex(UPDATES[name]["update"])
    for _ in range(data.draw(st.integers(1, 3))):
        update[data.draw(st.integers(0, len(update) - 1))] = data.draw(st.integers(0, 255))
    try:
        change = updates.read_update(bytes(update[: data.draw(st.integers(0, len(update)))]))
    except BadFrame:
        return
    assert all(first < end for _replica, first, end in change.structs)


@pytest.mark.parametrize("tag", [b"\x75\x01", b"\x76\x01\x00"])
def test_a_value_that_would_end_the_process_is_refused(tag):
    """300,000 lists in one another overflow the library's stack, and the server is gone."""
    body = tag * 300_000 + b"\x7e"
    with pytest.raises(BadFrame):
        updates.read_update(b"\x01\x01\x05\x00\x08\x01\x04text\x01" + body + b"\x00")


@pytest.mark.parametrize(
    ("what", "update"),
    [
        ("a document in a document", b"\x01\x01\x05\x00\x09\x01\x04text\x01a\x76\x00\x00"),
        ("bytes", b"\x01\x01\x05\x00\x03\x01\x04text\x01a\x00"),
        ("an unknown type", b"\x01\x01\x05\x00\x07\x01\x04text\x0f\x00"),
        ("what builds on itself", b"\x01\x01\x05\x00\x07\x00\x05\x00\x03\x01a\x00"),
        ("more than a document counts", b"\x01\x01\x05\x00\x00\xff\xff\xff\xff\x0f\x00"),
        ("a tail", b"\x00\x00\x00"),
        ("half a character", b"\x01\x01\x05\x00\x04\x01\x04text\x01\xd0\x00"),
    ],
)
def test_what_no_text_holds_is_refused(what, update):
    with pytest.raises(BadFrame):
        updates.read_update(update)
