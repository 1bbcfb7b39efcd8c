"""A mail-out whose worker is killed, on the real outbox and a real mail server: nothing lost or doubled."""

import os
import re
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from coalition.core.clock import now
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from events.models import Letter
from events.press.mailings.actions import prepare_mail_out, send_mail_out
from events.press.models import LetterState
from tests.events.press.builders import desk, known, public_event

pytestmark = pytest.mark.slow

LETTERS = 24
KILLED_AFTER = (5, 6, 7)  # mails that the server took from that worker
WORKER = """
import django, os, sys
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                                "OPTIONS": {"host": "127.0.0.1", "port": int(sys.argv[2])}}}
from coalition.jobs.scheduler import run_due
from coalition.mail.outbox import deliver_due
run_due(worker=str(os.getpid()))
deliver_due()
"""


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps who got which mail, and says when it took one."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.seen = threading.Condition()
        super().__init__(("127.0.0.1", 0), Session)

    def wait_for(self, count: int, child: subprocess.Popen[bytes]) -> None:
        with self.seen:
            while len(self.taken) < count and child.poll() is None:
                self.seen.wait(0.02)


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 test")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT"):
                to = line.partition("<")[2].rstrip(">")
            if verb == "DATA":
                self._say("354 go on")
                self._take(to)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, to: str) -> None:
        lines = []
        while (line := self.rfile.readline().decode(errors="replace")) not in {".\r\n", ""}:
            lines.append(line)
        mark = re.search(r"(?im)^message-id:\s*(\S+)", "".join(lines))
        assert mark is not None
        with self.server.seen:
            self.server.taken.append((to, mark[1]))
            self.server.seen.notify_all()
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _worker(port: int) -> subprocess.Popen[bytes]:
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, name, str(port)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "coalition.settings.test"},
    )


def _let_leases_end() -> None:
    OutboxMail.objects.filter(state="waiting").update(leased_until=None, next_try_at=now())
    DueWork.objects.filter(done_at=None).update(leased_until=None)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_three_times_loses_and_doubles_nothing() -> None:
    made = desk()
    access = made.access("officer")
    event = public_event(made.access("coordinator"))
    OutboxMail.objects.all().delete()
    contacts = [known(access, number).uuid for number in range(LETTERS)]
    send_mail_out(access=access, mail_out=prepare_mail_out(access=access, event=event, contacts=contacts))
    with Mailbox() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        for count in KILLED_AFTER:
            before = len(box.taken)
            child = _worker(box.server_address[1])
            box.wait_for(before + count, child)
            child.kill()
            child.wait()
            time.sleep(0.1)
            _let_leases_end()
        last = _worker(box.server_address[1])
        assert last.wait(timeout=120) == 0
        box.shutdown()
    copies = Counter(box.taken)
    assert {to for to, _mark in copies} == {f"press{number}@outlet.example" for number in range(LETTERS)}
    assert len(copies) == LETTERS, "a mail has one Message-ID, by which a second copy is known"
    assert copies.total() - LETTERS <= len(KILLED_AFTER), "at most the mail in hand leaves once more"
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}
