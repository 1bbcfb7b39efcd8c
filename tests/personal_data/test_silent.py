"""A second database that takes the line and says nothing: nobody waits for it longer than was promised."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings
from django.db import connections

from coalition.personal_data import store
from coalition.personal_data.store import ALIAS, ContactsAway
from coalition.settings.environment import database
from tests.personal_data.apart import allow

pytestmark = pytest.mark.django_db(transaction=True)
TRUST = b"R" + struct.pack("!II", 8, 0)
READY = b"Z" + struct.pack("!I", 5) + b"I"


def _told(name: bytes, value: bytes) -> bytes:
    words = name + b"\0" + value + b"\0"
    return b"S" + struct.pack("!I", len(words) + 4) + words


class Silent:
    """A socket that lets everybody in, up to where it freezes: at once, or when the first query comes."""

    def __init__(self, *, greets: bool) -> None:
        self.greets, self.lines = greets, list[socket.socket]()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        while True:
            try:
                line, _whose = self.door.accept()
            except OSError:
                return
            self.lines.append(line)
            if self.greets:
                self._greet(line)

    def _greet(self, line: socket.socket) -> None:
        line.recv(10_000)
        line.sendall(
            TRUST
            + _told(b"server_version", b"17.0")
            + _told(b"client_encoding", b"UTF8")
            + _told(b"TimeZone", b"UTC")
            + READY
        )

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        for one in (self.door, *self.lines):
            one.close()


@contextmanager
def _second(port: int) -> Iterator[None]:
    name = "CONTACTS_DATABASE_URL"
    os.environ[name] = f"postgres://nobody@127.0.0.1:{port}/x?sslmode=disable"
    connections.settings[ALIAS] = connections["default"].settings_dict | database(name, patience=1)
    own = connections[ALIAS]
    allow(own)
    before = store._circuit_breaker
    store._circuit_breaker = store._CircuitBreaker()  # other tests make the one of the process forget at once
    try:
        yield
    finally:
        own.close()
        store._circuit_breaker = before
        del os.environ[name], connections[ALIAS], connections.settings[ALIAS]


@pytest.mark.parametrize("greets", [False, True])
def test_it_is_given_up_once_and_then_left_alone(settings: LazySettings, greets: bool) -> None:
    settings.CONTACTS_PATIENCE = 1
    server = Silent(greets=greets)
    try:
        with _second(server.port):
            for _again in range(2):
                with pytest.raises(ContactsAway):
                    store.store_values([("home.NewsByMail.address", "kanarienvogel@tests.example")])
        assert len(server.lines) == 1
    finally:
        server.close()


def test_it_is_left_alone_for_longer_than_it_is_waited_for(settings: LazySettings) -> None:
    assert store._CircuitBreaker.seconds > 2 * settings.CONTACTS_PATIENCE


def test_the_network_and_the_server_are_told_to_give_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACTS_DATABASE_URL", "postgres://nobody@127.0.0.1/x")
    given = database("CONTACTS_DATABASE_URL", patience=5)["OPTIONS"]
    assert given["connect_timeout"] == 5
    assert given["tcp_user_timeout"] == 5000
    assert given["keepalives_idle"] == 5
    assert "-c statement_timeout=60s" in given["options"]
    assert "-c jit=off" in given["options"]
    alone = database("CONTACTS_DATABASE_URL")["OPTIONS"]
    assert alone == {"options": "-c jit=off"}
