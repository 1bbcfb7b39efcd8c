"""Fetching an address that somebody gave: https only, no private places, small and soon.

The address policy is an argument. Names are resolved here and the connection goes to the very address
that was looked at, so that a name cannot lead elsewhere in between; redirects are looked at again.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

LARGEST: Final = 8 * 1024 * 1024  # bytes
LONGEST: Final = 20.0  # seconds for everything
MOST_REDIRECTS: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class AddressPolicy:
    """What may be reached. `loopback_http`: this machine by plain http, for a person at its keyboard."""

    loopback_http: bool = False


class FetchError(Exception):
    """The address was not fetched, with the reason in words."""


def fetch(address: str, *, policy: AddressPolicy) -> bytes:
    """The body behind the address. Raises FetchError in words."""
    ends = time.monotonic() + LONGEST
    for _attempt in range(MOST_REDIRECTS + 1):
        status, location, body = _once(address, policy, ends)
        if status not in REDIRECTS:
            if status not in {200, 410}:  # 410: a withdrawn publication still has its sheet
                raise FetchError(_("The address answered %(status)d.") % {"status": status})
            return body
        address = urljoin(address, location)
    raise FetchError(_("The address leads on too often."))


def _once(address: str, policy: AddressPolicy, ends: float) -> tuple[int, str, bytes]:
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise FetchError(_("The address holds a password. Give it without."))
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise FetchError(_("Give an address that begins with https."))
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        ip = _allowed_ip(parts, port, policy)
        return _ask(parts, port, ip, ends)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(
            _("The address cannot be reached: %(what)s.") % {"what": type(error).__name__}
        ) from error


def _allowed_ip(parts: SplitResult, port: int, policy: AddressPolicy) -> str:
    """The first address of the name, if all of its addresses are allowed."""
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    ips = [str(entry[4][0]) for entry in found]
    for ip in ips:
        where = ipaddress.ip_address(ip)
        if where.is_loopback and policy.loopback_http:
            continue
        if not where.is_global or where.is_multicast:
            raise FetchError(_("The address leads into a private network."))
        if parts.scheme != "https":
            raise FetchError(_("Give an address that begins with https."))
    return ips[0]


def _ask(parts: SplitResult, port: int, ip: str, ends: float) -> tuple[int, str, bytes]:
    left = max(0.1, ends - time.monotonic())
    sock = socket.create_connection((ip, port), timeout=left)
    if parts.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
    connection = http.client.HTTPConnection(str(parts.hostname), port, timeout=left)
    connection.sock = sock
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "application/json", "User-Agent": "coalition"})
        response = connection.getresponse()
        return response.status, response.getheader("Location") or "", _body(response, ends)
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(65536):
        size += len(chunk)
        if size > LARGEST:
            raise FetchError(_("The answer is larger than any sheet."))
        if time.monotonic() > ends:
            raise FetchError(_("The address answers too slowly."))
        parts.append(chunk)
    return b"".join(parts)
