"""What is reported to the operator's Sentry or GlitchTip: where the code failed, and nothing about people."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import brotli
import pytest

from coalition.core.error_reports import scrub

CANARY = "Aigul Canary"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
FAILS = """
import logging, sys
from types import SimpleNamespace
from coalition.core.error_reports import start_error_reports
start_error_reports(sys.argv[1], release="1.2")
canary = sys.argv[2]
try:
    raise ValueError("no such person: " + canary)
except ValueError:
    match = SimpleNamespace(view_name="drafts:draft")
    request = SimpleNamespace(resolver_match=match, path="/" + canary)
    log = logging.getLogger("django.request")
    log.exception("Server error: %s", "/" + canary, extra={"request": request})
"""


def full_event():
    frame = {
        "function": "save",
        "lineno": 3,
        "filename": "a.py",
        "vars": {"name": CANARY},
        "abs_path": CANARY,
    }
    return {
        "event_id": "1",
        "level": "error",
        "release": "1.2",
        "logentry": {"message": "Server error: %s", "params": [CANARY], "formatted": CANARY},
        "exception": {"values": [{"type": "ValueError", "value": CANARY, "stacktrace": {"frames": [frame]}}]},
        "request": {"url": CANARY, "headers": {"Cookie": CANARY}, "data": CANARY},
        "user": {"email": CANARY},
        "extra": {"text": CANARY},
        "breadcrumbs": {"values": [{"message": CANARY}]},
        "server_name": CANARY,
        "contexts": {"trace": CANARY},
        "tags": {"name": CANARY},
        "threads": {"values": [{"name": CANARY}]},
    }


def test_a_report_says_where_and_never_who():
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name="drafts:draft"))
    kept = scrub(full_event(), {"log_record": SimpleNamespace(request=request)})
    assert CANARY in json.dumps(full_event())
    assert CANARY not in json.dumps(kept)
    assert kept["transaction"] == "drafts:draft"
    assert kept["logentry"] == {"message": "Server error: %s"}
    assert kept["exception"]["values"][0]["type"] == "ValueError"
    assert kept["exception"]["values"][0]["stacktrace"]["frames"] == [
        {"function": "save", "lineno": 3, "filename": "a.py"}
    ]


def test_answers_that_say_what_is_away_are_not_reported():
    for status, reported in ((503, False), (507, False), (500, True)):
        record = SimpleNamespace(status_code=status)
        assert (scrub(full_event(), {"log_record": record}) is not None) is reported


@pytest.mark.slow
def test_an_error_reaches_the_operators_server_without_a_name():
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(UNPACK[self.headers["Content-Encoding"]](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        subprocess.run(
            [sys.executable, "-c", FAILS, f"http://key@127.0.0.1:{server.server_port}/1", CANARY],
            env=os.environ | {"SENTRY_SPOTLIGHT": ""},
            check=True,
            timeout=60,
        )
    finally:
        server.shutdown()
        server.server_close()
    envelopes = b"\n".join(received).decode()
    assert '"ValueError"' in envelopes
    assert "drafts:draft" in envelopes
    assert CANARY not in envelopes
