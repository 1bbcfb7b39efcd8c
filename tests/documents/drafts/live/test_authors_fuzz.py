"""However an update is made, no document that comes of what the guard takes shows another's name for it.

2,000 sequences of writes, 100,000 with `--hypothesis-profile=random`. Yjs reads what came of some, too.
"""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings, strategies as st
from pycrdt import Doc

from coalition.realtime.frames import BadFrame, read_state_vector
from documents.drafts.live.resolve import encode_any
from tests.documents.drafts.live.hostile_writes import (
    HIS_ID,
    OWN,
    PARAGRAPH,
    Shown,
    Write,
    base,
    built,
    writes,
)
from tests.documents.drafts.live.test_authors import WAYS, attribute, marked
from tests.documents.drafts.live.wire import EMBED, STRING, item, letters, pairs, string, values, written
from tests.documents.drafts.live.writing import Room, editor, suggester

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
LENGTHS = {"same": 2_000, "random": 100_000}
EXAMPLES = LENGTHS.get(settings.get_current_profile_name(), 2_000)
READ_BY_YJS = 3_000  # documents
often = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def taken(made: Room, update: bytes, write: Write) -> bool:
    """Whether the engine takes the write. A word, and what it does not understand, are refusals."""
    try:
        return made.take(update, suggester() if write.suggests else editor()) == ""
    except BadFrame:
        return False


def played(some: list[Write], *, his: bool) -> tuple[bytes, int, str]:
    """The document, how many of the writes were taken, and what is wrong with it after one of them."""
    made = Room.of(base(his=his))
    ever, count, late = Shown.of(made.doc), 0, []
    for write in [*some, *(write for write in some if write.late)]:
        update = built(write, read_state_vector(made.doc.get_state()))
        if write.late and write not in late:
            late.append(write)
            continue
        before = made.doc.get_update()
        if not taken(made, update, write):
            assert made.doc.get_update() == before
            continue
        count += 1
        shown = Shown.of(made.doc)
        if wrong := shown.forged(ever):
            return made.doc.get_update(), count, wrong
        ever = ever.also(shown)
    return made.doc.get_update(), count, ""


def test_nothing_that_is_taken_is_in_anothers_name():
    documents: list[tuple[bytes, bool]] = []

    @often
    @given(writes, st.booleans())
    def each(some, his):
        state, count, wrong = played(some, his=his)
        assert not wrong
        if count and len(documents) < READ_BY_YJS:
            documents.append((state, his))

    each()
    assert len(documents) > min(EXAMPLES, READ_BY_YJS) / 10
    shown = shown_by_yjs([[state] for state, _his in documents])
    for ids, (_state, his) in zip(shown, documents, strict=True):
        known = {HIS_ID} if his else set()
        assert all(one.startswith(OWN) or one in known for one in ids)


def shown_by_yjs(documents: list[list[bytes]]) -> list[list[str]]:
    """The ids of the suggestions that browsers show in these documents."""
    lines = "".join(f"{json.dumps([base64.b64encode(one).decode() for one in some])}\n" for some in documents)
    script = ["node", str(HERE / "shown.mjs")]
    done = subprocess.run(script, input=lines, capture_output=True, text=True, timeout=300, check=False)
    assert not done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- that this can fail ------------------------------------------------------------------------------------

FORGED = {
    **{
        f"{way}: {name}": marked(json, name)
        for way, json in WAYS.items()
        for name in ("insertion", "deletion")
    },
    "a block": attribute(values(encode_any({"id": HIS_ID}))),
    "an embedded value of a block": attribute(string(f'{{"id":"{HIS_ID}"}}'), EMBED),
    "the prototype of a value": attribute(values(pairs(("__proto__", encode_any({"id": HIS_ID}))))),
    "the prototype of a block": attribute(
        values(encode_any({"__mark_insertion": {"id": HIS_ID}})), name="__proto__"
    ),
    "a name twice": attribute(values(pairs(("id", encode_any(OWN)), ("id", encode_any(HIS_ID))))),
    "letters before it": written((7, 0, [item(STRING, letters("а"), left=PARAGRAPH)])),
    "embedded": written((7, 0, [item(EMBED, string("{}"), left=(1, 5))])),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_document_with_this_is_seen_to_be_forged(name):
    doc = Doc()
    doc.apply_update(base(his=False))
    before = Shown.of(doc)
    assert not before.forged(before)
    doc.apply_update(FORGED[name])
    assert Shown.of(doc).forged(before)


def test_yjs_shows_what_is_forged():
    before = base(his=False)
    seen = [name for name in FORGED if name not in {"letters before it", "embedded"}]
    for ids in shown_by_yjs([[before, FORGED[name]] for name in seen]):
        assert HIS_ID in ids
    assert shown_by_yjs([[before, FORGED["letters before it"]], [before, FORGED["embedded"]]]) == [
        ["stray"],
        ["embedded"],
    ]


def test_without_the_guard_sequences_are_soon_seen_to_be_forged(monkeypatch):
    monkeypatch.setattr(
        "documents.drafts.live.guard.WriteGuard.refuses", lambda _self, _update, _change, _grant: ""
    )
    once = settings(max_examples=200, deadline=None, derandomize=True, database=None)
    found = find(writes, lambda some: bool(played(some, his=False)[2]), settings=once)
    assert played(found, his=False)[2]
