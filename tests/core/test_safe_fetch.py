"""Fetching an address that somebody gave: where it may lead."""

import http.server
import socket
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
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
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


SPECIAL = {
    "IPv4 this network": "0.1.2.3",
    "IPv4 private": "172.16.0.1",
    "IPv4 shared": "100.64.0.1",
    "IPv4 loopback": "127.255.0.1",
    "IPv4 link-local": "169.254.169.254",
    "IPv4 protocol assignments": "192.0.0.9",
    "IPv4 documentation": "203.0.113.1",
    "IPv4 AS112": "192.31.196.1",
    "IPv4 AMT": "192.52.193.1",
    "IPv4 6to4 relay": "192.88.99.1",
    "IPv4 direct delegation": "192.175.48.1",
    "IPv4 benchmarking": "198.19.255.255",
    "IPv4 multicast": "224.0.0.251",
    "IPv4 reserved": "240.0.0.1",
    "IPv4 broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 compatible, private": "::10.0.0.1",
    "IPv6 compatible, public": "::8.8.8.8",
    "IPv6 mapped, loopback": "::ffff:127.0.0.1",
    "IPv6 mapped, public": "::ffff:8.8.8.8",
    "NAT64, private": "64:ff9b::a00:1",
    "NAT64, public": "64:ff9b::808:808",
    "NAT64, local": "64:ff9b:1::808:808",
    "discard-only": "100::1",
    "dummy prefix": "100:0:0:1::1",
    "protocol assignments": "2001:1::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "benchmarking": "2001:2::1",
    "AMT": "2001:3::1",
    "AS112": "2001:4:112::1",
    "ORCHIDv2": "2001:20::1",
    "documentation": "2001:db8::1",
    "6to4, loopback": "2002:7f00:1::",
    "6to4, public": "2002:808:808::1",
    "direct delegation": "2620:4f:8000::1",
    "documentation, new": "3fff::1",
    "SRv6": "5f00::1",
    "unique local": "fd00::1",
    "link-local": "fe80::1%1",
    "site-local": "fec0::1",
    "multicast": "ff02::fb",
    "ISATAP": "2606:4700::5efe:a00:1",
    "ISATAP, global IPv4": "2606:4700::200:5efe:808:808",
}


@pytest.fixture
def never_connected(monkeypatch):
    def connected(*_arguments, **_more):
        raise AssertionError("it must not connect")

    monkeypatch.setattr("coalition.core.safe_fetch.socket.create_connection", connected)


def named(monkeypatch, *ips: str) -> list[str]:
    """Let every name resolve to these addresses; returns the names that are looked up."""
    asked: list[str] = []

    def resolve(name, port, **_more):
        asked.append(name)
        return [(0, socket.SOCK_STREAM, 0, "", (ip, port)) for ip in ips]

    monkeypatch.setattr("coalition.core.safe_fetch.socket.getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("ip", SPECIAL.values(), ids=SPECIAL)
def test_a_special_address_is_refused_before_connecting(ip, never_connected, monkeypatch):
    named(monkeypatch, ip)
    with pytest.raises(FetchError, match="private network"):
        fetch("https://calendar.example/", policy=STRICT)
    named(monkeypatch, "8.8.8.8", ip)
    with pytest.raises(FetchError, match="private network"):
        fetch("https://calendar.example/", policy=STRICT)


@pytest.mark.parametrize("ip", ["64:ff9b::7f00:1", "::127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"])
def test_a_special_address_in_the_url_is_refused(ip, never_connected):
    with pytest.raises(FetchError, match="private network"):
        fetch(f"https://[{ip}]/", policy=STRICT)


@pytest.mark.parametrize("ip", ["8.8.8.8", "192.0.1.1", "2606:4700:4700::1111", "2001:4860:4860::8888"])
def test_a_public_address_is_resolved_once_and_connected_to(ip, monkeypatch):
    """A name that changes between the check and the connection leads nowhere else (DNS rebinding)."""
    connected = []

    def connect(address, **_more):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("coalition.core.safe_fetch.socket.create_connection", connect)
    asked = named(monkeypatch, ip)
    with pytest.raises(FetchError, match="Nothing answers"):
        fetch("https://calendar.example/", policy=STRICT)
    assert (asked, connected) == (["calendar.example"], [(ip, 443)])


@pytest.mark.parametrize("host", ["10.0.0.1", "[2002:7f00:1::]", "[64:ff9b::a00:1]", "192.88.99.1"])
def test_a_redirect_into_a_private_network_is_refused(server, host):
    with pytest.raises(FetchError, match="private network"):
        fetch(f"{server}/away?https://{host}/", policy=AT_THIS_MACHINE)


def test_redirects_without_end_and_answers_without_end_are_refused(server):
    with pytest.raises(FetchError, match="too often"):
        fetch(f"{server}/away?/away?/away?/away?/away?/sheet", policy=AT_THIS_MACHINE)
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{server}/big", policy=AT_THIS_MACHINE)
    with pytest.raises(FetchError, match="404"):
        fetch(f"{server}/none", policy=AT_THIS_MACHINE)
