"""Fetching an address that somebody gave: where it may lead."""

import http.server
import threading

import pytest

from coalition.core.safe_fetch import LARGEST, AddressPolicy, FetchError, fetch

STRICT, AT_THIS_MACHINE = AddressPolicy(), AddressPolicy(loopback_http=True)


@pytest.fixture
def server():
    """A server on this machine: `/sheet` answers, `/away` leads elsewhere, `/big` never ends."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/away"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/away?"))
                self.end_headers()
                return
            self.send_response(404 if self.path == "/none" else 200)
            self.end_headers()
            if self.path == "/big":
                self.wfile.write(b"x" * (LARGEST + 10))
            else:
                self.wfile.write(b'{"sheet": 1}')

        def log_message(self, *arguments):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_person_at_this_machine_may_look_at_this_machine(server):
    assert fetch(f"{server}/sheet", policy=AT_THIS_MACHINE) == b'{"sheet": 1}'
    assert fetch(f"{server}/away?{server}/sheet", policy=AT_THIS_MACHINE) == b'{"sheet": 1}'


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/",
        "https://192.168.1.1/x.json",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://localhost/",
        "http://8.8.8.8/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://person:secret@example.org/",
        "https:///nothing",
        "https://127.0.0.1:99999/",
    ],
)
def test_private_places_and_other_ways_are_refused(address):
    with pytest.raises(FetchError):
        fetch(address, policy=STRICT)


@pytest.mark.parametrize(
    "ip", ["64:ff9b::a00:1", "64:ff9b::7f00:1", "fec0::1", "::127.0.0.1", "::10.0.0.1", "2002:a00:1::1"]
)
def test_private_places_inside_other_addresses_are_refused_before_connecting(ip, monkeypatch):
    def connected(*_arguments, **_more):
        raise AssertionError("it must not connect")

    monkeypatch.setattr("coalition.core.safe_fetch.socket.create_connection", connected)
    with pytest.raises(FetchError, match="private network"):
        fetch(f"https://[{ip}]/", policy=STRICT)


def test_a_redirect_into_a_private_network_is_refused(server):
    with pytest.raises(FetchError, match="private network"):
        fetch(f"{server}/away?http://10.0.0.1/", policy=AT_THIS_MACHINE)


def test_redirects_without_end_and_answers_without_end_are_refused(server):
    with pytest.raises(FetchError, match="too often"):
        fetch(f"{server}/away?/away?/away?/away?/away?/sheet", policy=AT_THIS_MACHINE)
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{server}/big", policy=AT_THIS_MACHINE)
    with pytest.raises(FetchError, match="404"):
        fetch(f"{server}/none", policy=AT_THIS_MACHINE)
