"""A partner's server on this machine: https with an authority of its own, ETag, redirects, slowness."""

import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.authority import authority


class Partner:
    """What the server answers, and what it was asked: path → (status, headers, body)."""

    def __init__(self, port: int, ca_file: Path) -> None:
        self.port, self.ca_file = port, ca_file
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str]] = []  # path, If-None-Match
        self.slow = False

    def address(self, path: str = "/calendar.ics") -> str:
        return f"https://localhost:{self.port}{path}"

    def put(self, content: bytes, *, etag: str = '"1"', path: str = "/calendar.ics") -> None:
        self.pages[path] = (200, {"ETag": etag, "Content-Type": "text/calendar"}, content)

    def lead(self, path: str, to: str) -> None:
        self.pages[path] = (302, {"Location": to}, b"")


@contextmanager
def partner_server(folder: Path) -> Iterator[Partner]:
    """Serve until the block ends."""
    certificate, key = authority(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match", "")
            partner.asked.append((self.path, known))
            status, headers, body = partner.pages.get(self.path, (404, {}, b""))
            if known and known == headers.get("ETag"):
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                while partner.slow:
                    self.wfile.write(b"x")
                    time.sleep(0.1)
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *arguments: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    partner = Partner(running.server_port, certificate)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield partner
    finally:
        running.shutdown()
        running.server_close()
