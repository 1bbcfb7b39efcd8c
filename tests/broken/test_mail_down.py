"""The mail server is away for half an hour, in each way that there is: nothing is lost, little doubled."""

import datetime
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from enum import Enum

import pytest
import time_machine
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.metrics import GaugeCollector
from tests.broken import letters
from tests.realtime.engine.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)
MAILS, HALF_AN_HOUR = 12, 30 * 60


class Way(Enum):
    """How a mail server is away."""

    NOBODY = "nobody listens"
    BUSY = "421 to everybody"
    DIES = "the line breaks within the mail"
    DIES_LATE = "the line breaks after the whole mail, before its word"
    WELL = "it takes mail"


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server. What it took and what it read to the end: recipient and Message-ID, in order."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.way, self.taken, self.read = Way.WELL, [], []
        super().__init__(("127.0.0.1", port), Session)


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        if self.server.way == Way.BUSY:
            self._say("421 come back later")
            return
        self._say("220 test")
        to = ""
        while line := self.rfile.readline().decode().strip():
            if line.upper().startswith("RCPT"):
                to = line.partition("<")[2].rstrip(">")
            if line.upper() == "DATA":
                self._say("354 go on")
                if not self._take(to):
                    return
            elif line.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, to: str) -> bool:
        if self.server.way == Way.DIES:
            self.rfile.read(100)
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        mail = (to, str(message_from_bytes(b"".join(lines))["Message-ID"]))
        self.server.read.append(mail)
        if self.server.way == Way.DIES_LATE:
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.server.taken.append(mail)
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def listening(port: int, way: Way) -> Iterator[Mailbox | None]:
    if way == Way.NOBODY:
        yield None
        return
    with Mailbox(port) as box:
        box.way = way
        threading.Thread(target=box.serve_forever, args=(0.05,), daemon=True).start()
        yield box
        box.shutdown()


def _told(name: str) -> float:
    found: dict[str, GaugeMetricFamily] = {one.name: one for one in GaugeCollector().collect()}
    return found[name].samples[0].value


def _look_for(seconds: int, clock: time_machine.Traveller) -> None:
    """What a worker does in so long a time."""
    for _time in range(seconds // 10):
        clock.shift(10)
        deliver_due()


@pytest.mark.parametrize("way", [Way.NOBODY, Way.BUSY, Way.DIES, Way.DIES_LATE], ids=lambda way: way.name)
def test_nothing_is_lost_and_at_most_the_mail_in_hand_is_doubled(settings, way: Way) -> None:
    port = free_port()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    with time_machine.travel(timezone.now(), tick=False) as clock:
        letters.write(MAILS, urgent=frozenset({MAILS - 1}))
        with listening(port, way) as away:
            assert deliver_due() == 1, "where the server is away, the others wait"
            _look_for(HALF_AN_HOUR, clock)
            assert _told("coalition_mail_waiting") == MAILS
            assert _told("coalition_mail_failed") == 0
            waits = OutboxMail.objects.filter(urgent=False).values_list("next_try_at", "attempts")
            assert max(at for at, _tries in waits) - timezone.now() <= datetime.timedelta(minutes=5)
            assert max(tries for _at, tries in waits) < 20, "they do not press a server that is ill"
            read = Counter(away.read) if away else Counter()
        with listening(port, Way.WELL) as box:
            assert box is not None
            _look_for(30, clock)
            assert f"reader{MAILS - 1}@tests.example" in {to for to, _mark in box.taken}, "it is urgent"
            _look_for(300, clock)
            taken = list(box.taken)
    assert _told("coalition_mail_waiting") == 0
    assert {to for to, _mark in taken} == {f"reader{number}@tests.example" for number in range(MAILS)}
    assert len(taken) == MAILS
    assert set(read) <= set(taken), "a second copy has the Message-ID of the first"
