"""A text with 250,000 edits: time until a page is in sync, and the server's memory."""

import json
import random
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from bench.figures import Figure, at_most, told
from bench.processes import memory_megabytes
from bench.realtime import people
from bench.realtime.peers import ours

EDITS, SITTINGS, OPENINGS = 250_000, 100, 5
SCRIPT = Path(__file__).with_name("sync.mjs")


def measure() -> list[Figure]:
    [document] = people.typists(texts=1, together=1)
    begun = time.monotonic()
    size = _write(UUID(str(document["name"])))
    wrote = time.monotonic() - begun
    took = []
    with ours() as server:
        address = server.address.split("/{document}")[0]
        _open(address, people.typists(texts=1, together=1)[0])  # warm-up: the first socket of a server
        before = memory_megabytes(server.pid)
        for _ in range(OPENINGS):
            took.append(_open(address, document))
            time.sleep(1)  # the empty room is closed: the next page opens the text anew
        grown = memory_megabytes(server.pid) - before
    return [
        told("realtime", f"{EDITS:,} edits: size of the document", size / 1024, "kB"),
        told("realtime", f"{EDITS:,} edits: made in", wrote, "s"),
        at_most("realtime", f"{EDITS:,} edits: a page is in sync after", median(took), "ms", reach=200),
        at_most("realtime", f"{EDITS:,} edits: memory of the server", grown, "MB", reach=60),
    ]


def _open(address: str, document: dict[str, object]) -> float:
    """Return the milliseconds until the stock provider reports that it is in sync."""
    cookies = document["cookies"]
    assert isinstance(cookies, list)
    words = ["node", str(SCRIPT), address, str(document["name"]), cookies[0]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    return float(json.loads(done.stdout)["synced"])


def _write(document: UUID) -> int:
    """Write the document in a hundred sessions, compacted in the log. Return its size."""
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

    from coalition.realtime.hub import SERVER_PROCESS
    from coalition.realtime.models import LiveText
    from coalition.realtime.store import begin_document, stored_document

    text = begin_document(document, SERVER_PROCESS)
    whole = stored_document(document).get_update()
    chance = random.Random(1)
    for sitting in range(SITTINGS):
        doc: Doc = Doc(client_id=1_000 + sitting)
        doc.apply_update(whole)
        root = doc.get("text", type=XmlFragment)
        words = XmlText("")
        root.children.append(XmlElement("paragraph", contents=[words]))
        _sit(words, chance, EDITS // SITTINGS)
        whole = doc.get_update()
    LiveText.objects.filter(pk=text.pk).update(snapshot=whole)
    return len(whole)


def _sit(words: Any, chance: random.Random, edits: int) -> None:
    """Type as people do, letter by letter: words, some deletions, sometimes at another position."""
    at = length = done = 0  # letters; each has two bytes
    while done < edits:
        if chance.random() < 0.2:
            at = chance.randint(0, length)
        for _ in range(min(edits - done, chance.randint(5, 40))):
            words.insert(2 * at, chance.choice("әұіқңғабвгд"))
            at, length, done = at + 1, length + 1, done + 1
        for _ in range(min(edits - done, at, chance.randint(0, 18))):
            del words[2 * at - 2 : 2 * at]
            at, length, done = at - 1, length - 1, done + 1
