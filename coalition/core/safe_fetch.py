"""Fetching of user-supplied URLs: https only, no private addresses, limits on size and time.

The address policy is an argument. Names are resolved here and the connection goes to the checked IP
address, so that DNS cannot change in between; redirects are checked again.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LARGEST: Final = 8 * 1024 * 1024  # bytes
LONGEST: Final = 20.0  # seconds in total
MOST_REDIRECTS: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # all global unicast that IANA has allocated
# Ranges of the special-purpose registries of IANA (IPv4 and IPv6) that `is_global` allows, and
# ranges that embed an IPv4 address, which may be private.
_REFUSED_NETWORKS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "192.175.48.0/24",  # AS112, RFC 7534
        "2001::/23",  # IETF protocol assignments, RFC 2928: Teredo, AMT, AS112, ORCHID
        "2002::/16",  # 6to4, RFC 3056
        "2620:4f:8000::/48",  # AS112, RFC 7534
    )
)
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})  # upper half of the interface identifier, RFC 5214

type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

FETCH_ERROR_MESSAGES: Final[dict[str, Promise]] = {
    "status": _("The address answered %(status)s."),
    "redirects": _("The address leads on too often."),
    "password": _("The address holds a password. Give it without."),
    "https": _("Give an address that begins with https."),
    "name": _("Nobody knows this address: check how its name is written."),
    "refused": _("Nothing answers at this address."),
    "certificate": _("The address cannot show that it is the right one: its certificate is not valid."),
    "unreachable": _("The address cannot be reached."),
    "private": _("The address leads into a private network."),
    "large": _("The answer is larger than allowed: %(limit)s MB at most."),
    "slow": _("The address answers too slowly."),
}

_ERROR_CODES: Final[dict[type[Exception], str]] = {
    socket.gaierror: "name",
    ssl.SSLError: "certificate",
    ConnectionRefusedError: "refused",
    TimeoutError: "slow",
}


@dataclass(frozen=True)
class AddressPolicy:
    """Addresses that may be reached besides public ones by https; none by default.

    `loopback_http`: this machine by plain http, for a person at its keyboard. `loopback_port`: this
    machine by https at one port, and `ca_file` the authority to trust for it, for tests.
    """

    loopback_http: bool = False
    loopback_port: int = 0
    ca_file: str = ""


@dataclass(frozen=True)
class FetchRequest:
    """A request. `etag` and `last_modified`: those of the cached response; `more`: further headers."""

    method: str = "GET"
    accept: str = "application/json"
    etag: str = ""
    last_modified: str = ""
    largest: int = LARGEST
    longest: float = LONGEST
    answers: frozenset[int] = frozenset({200})
    more: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        conditions = {name: value for name, value in given.items() if value}
        always = {"Accept": self.accept, "User-Agent": "coalition", "Accept-Encoding": "identity"}
        return {**always, **conditions, **self.more}


@dataclass(frozen=True)
class FetchResponse:
    """A response. Status 304 has no body: the cached one is still valid."""

    status: int
    body: bytes
    etag: str = ""
    last_modified: str = ""
    charset: str = ""
    location: str = ""


class FetchError(Exception):
    """The URL was not fetched: a code of FETCH_ERROR_MESSAGES and its values. `str()`: the message."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code, self.values = code, values
        super().__init__(code)

    def __str__(self) -> str:
        return str(FETCH_ERROR_MESSAGES[self.code]) % self.values


def fetch(address: str, *, policy: AddressPolicy) -> bytes:
    """Return the body of the URL. Raises FetchError."""
    # 410: a withdrawn publication still has its approval sheet
    return fetch_if_changed(address, policy=policy, question=FetchRequest(answers=frozenset({200, 410}))).body


def fetch_if_changed(address: str, *, policy: AddressPolicy, question: FetchRequest) -> FetchResponse:
    """Return the response of the URL, with status 304 if the cached one is still valid.

    Raises FetchError.
    """
    ends = time.monotonic() + question.longest
    for _attempt in range(MOST_REDIRECTS + 1):
        answer = _fetch_once(address, policy, question, ends)
        if answer.status == 304 and (question.etag or question.last_modified):
            return answer
        if answer.status not in REDIRECTS:
            if answer.status not in question.answers:
                raise FetchError("status", status=answer.status)
            return answer
        address = urljoin(address, answer.location)
    raise FetchError("redirects")


def post_empty(address: str, *, headers: Mapping[str, str], policy: AddressPolicy, longest: float) -> int:
    """Post an empty body to the URL. Returns the status; the response body is not read.

    Redirects are not followed. Raises FetchError.
    """
    question = FetchRequest(method="POST", accept="*/*", longest=longest, answers=frozenset(), more=headers)
    return _fetch_once(address, policy, question, time.monotonic() + longest).status


def _fetch_once(address: str, policy: AddressPolicy, question: FetchRequest, ends: float) -> FetchResponse:
    try:
        parts = urlsplit(address)
        if parts.username or parts.password:
            raise FetchError("password")
        if not parts.hostname or parts.scheme not in {"https", "http"}:
            raise FetchError("https")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        ip = _allowed_ip(parts, port, policy)
        return _send_request(parts, port, ip, policy, question, ends)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= ends:
            raise FetchError("slow") from error
        code = next((code for kind, code in _ERROR_CODES.items() if isinstance(error, kind)), "unreachable")
        raise FetchError(code) from error


def _allowed_ip(parts: SplitResult, port: int, policy: AddressPolicy) -> str:
    """Return the first address of the name, if all of its addresses are allowed."""
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    ips = [str(entry[4][0]) for entry in found]
    for ip in ips:
        where = ipaddress.ip_address(ip)
        is_test_server = parts.scheme == "https" and port == policy.loopback_port
        if where.is_loopback and (policy.loopback_http or is_test_server):
            continue
        if not _is_public(where):
            raise FetchError("private")
        if parts.scheme != "https":
            raise FetchError("https")
    return ips[0]


def _is_public(where: IPAddress) -> bool:
    """Return whether it is the address of an internet host, and no tunnel to another address.

    Addresses outside 2000::/3 are all refused: IPv4-mapped, IPv4-compatible, NAT64, discard-only, SRv6,
    unique local, link-local, site-local and multicast.
    """
    if not where.is_global or where.is_multicast or any(where in network for network in _REFUSED_NETWORKS):
        return False
    if isinstance(where, ipaddress.IPv4Address):
        return True
    return where in _UNICAST and (int(where) >> 32) & 0xFFFF_FFFF not in _ISATAP


def _send_request(
    parts: SplitResult, port: int, ip: str, policy: AddressPolicy, question: FetchRequest, ends: float
) -> FetchResponse:
    left = max(0.1, ends - time.monotonic())
    plain = socket.create_connection((ip, port), timeout=left)
    with _socket_deadline(plain, left):
        sock = plain
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=policy.ca_file or None)
            sock = context.wrap_socket(plain, server_hostname=parts.hostname)
        connection = http.client.HTTPConnection(str(parts.hostname), port, timeout=left)
        connection.sock = sock
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(question.method, path, headers=question.headers())
            response = connection.getresponse()
            return FetchResponse(
                status=response.status,
                body=_read_body(response, question, ends) if response.status in question.answers else b"",
                etag=response.getheader("ETag") or "",
                last_modified=response.getheader("Last-Modified") or "",
                charset=response.headers.get_content_charset() or "",
                location=response.getheader("Location") or "",
            )
        finally:
            connection.close()
            sock.close()


@contextmanager
def _socket_deadline(sock: socket.socket, left: float) -> Iterator[None]:
    """Limit the total time: a timeout per read would let a slow server block us."""
    descriptor = sock.dup()  # wrapping detaches the socket's own descriptor

    def shut_down() -> None:
        with suppress(OSError):  # closed by the peer meanwhile
            descriptor.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, shut_down)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        descriptor.close()
        sock.close()


def _read_body(response: http.client.HTTPResponse, question: FetchRequest, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(65536):
        size += len(chunk)
        if size > question.largest:
            raise FetchError("large", limit=question.largest // 1024**2)
        if time.monotonic() > ends:
            raise FetchError("slow")
        parts.append(chunk)
    if time.monotonic() > ends:
        raise FetchError("slow")
    return b"".join(parts)
