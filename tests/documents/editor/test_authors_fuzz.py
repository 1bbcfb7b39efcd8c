"""However an update is made, no document that comes of what the guard takes shows another's name for it.

2,000 sequences of writes, 100,000 with `--hypothesis-profile=random`; what was taken is also read by Yjs itself.
"""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, find, given, settings
from hypothesis.errors import NoSuchExample
from pycrdt import Doc

from coalition.realtime import updates
from coalition.realtime.frames import BadFrame, read_state
from tests.documents.editor.hostile_writes import OWN, Shown, Write, base, built, writes
from tests.documents.editor.test_authors import WAYS, attribute, marked, room
from tests.documents.editor.wire import EMBED, STRING, item, letters, pairs, string, value, values, written
from tests.documents.editor.writing import Room, editor, suggester
from hypothesis import strategies as st

HERE = Path(__file__).parent
LENGTHS = {"same": 2_000, "random": 100_000}
EXAMPLES = LENGTHS.get(settings.get_current_profile_name(), 2_000)
READ_BY_YJS = 3_000  # documents
HIS_ID = "00000000-0000-0000-0000-00000000000b.00000000-0000-0000-0000-0000000000bb.mm6zh1c0.1"

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


def played(some: list[Write], *, his: bool) -> tuple[list[bytes], str]:
    """What was taken of the writes, and what is wrong with the document after one of them."""
    made = Room.of(base(his=his))
    ever, effective, late = Shown.of(made.doc), [base(his=his)], []
    for write in [*some, *(write for write in some if write.late)]:
        update = built(write, read_state(made.doc.get_state()))
        if write.late and write not in late:
            late.append(write)
            continue
        before = made.doc.get_update()
        if not taken(made, update, write):
            assert made.doc.get_update() == before
            continue
        effective.append(update)
        shown = Shown.of(made.doc)
        if wrong := shown.forged(ever):
            return effective, wrong
        ever = ever.also(shown)
    return effective, ""


@pytest.mark.slow
def test_nothing_that_is_taken_is_in_anothers_name():
    documents: list[list[bytes]] = []

    @often
    @given(writes, st.booleans())
    def each(some, his):
        effective, wrong = played(some, his=his)
        assert not wrong
        if len(effective) > 1 and len(documents) < READ_BY_YJS:
            documents.append([bytes([his]), *effective])

    each()
    assert len(documents) > 500
    for ids, (his, *_updates) in zip(shown_by_yjs([one[1:] for one in documents]), documents, strict=True):
        known = {HIS_ID} if his[0] else set()
        assert all(one.startswith(OWN) or one in known for one in ids)


def shown_by_yjs(documents: list[list[bytes]]) -> list[list[str]]:
    """The ids of the suggestions that browsers show in these documents."""
    lines = "".join(f"{json.dumps([base64.b64encode(one).decode() for one in some])}\n" for some in documents)
    script = ["node", str(HERE / "shown.mjs")]
    done = subprocess.run(script, input=lines, capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
