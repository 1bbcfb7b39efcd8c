"""A push service on this machine: https with an authority of its own, which keeps what it is sent."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.authority import authority


@dataclass
class Pushed:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """`answers`: path → status (201 unless said); `pushed`: what came."""

    port: int
    ca_file: Path
    answers: dict[str, int] = field(default_factory=dict)
    pushed: list[Pushed] = field(default_factory=list)

    def address(self, path: str = "/browser") -> str:
        return f"https://localhost:{self.port}{path}"


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    """Serve until the block ends."""
    certificate, key = authority(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            service.pushed.append(Pushed(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = service.answers.get(self.path, 201)
            self.send_response(status)
            if status == 307:
                self.send_header("Location", "https://localhost/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    service = PushService(running.server_port, certificate)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        running.shutdown()
        running.server_close()
