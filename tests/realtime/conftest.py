"""A real server, and a layer that owns live documents: rights by a table that a test changes."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.db import OperationalError
from pycrdt import Doc, Text

from coalition.asgi import application
from coalition.realtime import backend
from coalition.realtime.backend import DocumentBackend, Grant
from coalition.realtime.updates import UpdateContent
from tests.factories import seat


@dataclass
class Table:
    """Who may do what: (person's primary key, document) → grant. `refusing`: a word in the text that no
    write may bring. `away`: the database does not answer."""

    rights: dict[tuple[int, UUID], Grant] = field(default_factory=dict)
    seeds: dict[UUID, str] = field(default_factory=dict)
    refusing: str = ""
    away: bool = False

    def let(self, user, document: UUID, **rights: bool) -> Grant:
        grant = Grant(user.uuid, uuid4(), identity={"name": user.name}, **rights)
        self.rights[user.pk, document] = grant
        return grant

    def open(self, user_id: int, session_key: str, document: UUID) -> Grant | None:
        if self.away:
            raise OperationalError
        return self.rights.get((user_id, document))

    def seed(self, document: UUID) -> bytes:
        words = self.seeds.get(document)
        if words is None:
            return b""
        doc = Doc()
        doc["text"] = Text(words)
        return doc.get_update()

    def watch(self, state: Callable[[], bytes]) -> "Copy":
        return Copy(self, state)


@dataclass
class Copy:
    """A watch with a copy of the document, which it makes anew when it is asked."""

    table: Table
    state: Callable[[], bytes]

    def refuses(self, update: bytes, change: UpdateContent, grant: Grant) -> str:
        if not self.table.refusing:
            return ""
        after = Doc()
        after.apply_update(self.state())
        after.apply_update(update)
        return "refused" if self.table.refusing in str(after.get("text", type=Text)) else ""

    def note(self, update: bytes, change: UpdateContent) -> None:
        return None


@pytest.fixture
def table() -> Iterator[Table]:
    """The layer that owns the documents of a test."""
    made = Table()
    kept = list(backend._document_backend)
    backend.register_document_backend(DocumentBackend(made.open, made.seed, made.watch))
    yield made
    backend._document_backend[:] = kept


def started() -> tuple[uvicorn.Server, threading.Thread, str]:
    """A uvicorn in a thread on a free port of the loopback, its lifespan run as in production.

    With a channel layer of its own, as in a process of its own: locks of Redis' layer belong to a loop.
    """
    channel_layers.backends.clear()
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


@pytest.fixture
def document() -> UUID:
    return uuid4()


@pytest.fixture
def person(client_of):
    """`await person()`: somebody signed in → (user, session key)."""

    async def make():
        held = await sync_to_async(seat)()
        browser = await sync_to_async(client_of)(held.person)
        return held.person, await sync_to_async(lambda: browser.session.session_key)()

    return make
