"""A real server, and a layer that owns live documents: rights by a table that a test changes."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
import uvicorn
from pycrdt import Doc, Text

from coalition.asgi import application
from coalition.realtime import grants
from coalition.realtime.grants import Grant, Keeper


@dataclass
class Table:
    """Who may do what: (person's primary key, document) → grant. `refusing`: a word in the text that no
    write may bring."""

    rights: dict[tuple[int, UUID], Grant] = field(default_factory=dict)
    seeds: dict[UUID, str] = field(default_factory=dict)
    refusing: str = ""

    def let(self, user, document: UUID, **rights: bool) -> Grant:
        grant = Grant(user.uuid, uuid4(), identity={"name": user.name}, **rights)
        self.rights[user.pk, document] = grant
        return grant

    def open(self, user_id: int, session_key: str, document: UUID) -> Grant | None:
        return self.rights.get((user_id, document))

    def seed(self, document: UUID) -> bytes:
        words = self.seeds.get(document)
        if words is None:
            return b""
        doc = Doc()
        doc["text"] = Text(words)
        return doc.get_update()

    def check(self, before: Doc, after: Doc, grant: Grant) -> str:
        return "refused" if self.refusing in str(after.get("text", type=Text)) else ""


@pytest.fixture
def table() -> Iterator[Table]:
    """The layer that owns the documents of a test."""
    made = Table()
    kept = list(grants._keeper)
    grants.register_keeper(Keeper(made.open, made.seed, lambda _u, _g: bool(made.refusing), made.check))
    yield made
    grants._keeper[:] = kept


def started() -> tuple[uvicorn.Server, threading.Thread, str]:
    """A uvicorn in a thread on a free port of the loopback, its lifespan run as in production."""
    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, log_level="warning", ws_max_size=1024 * 1024, lifespan="on"
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not running.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    return running, thread, f"127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture
def server(table: Table) -> Iterator[str]:
    """Host and port of a server that runs for one test. The table of rights outlives its sockets."""
    running, thread, place = started()
    yield place
    running.should_exit = True
    thread.join(timeout=10)
