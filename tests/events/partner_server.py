"""A partner's server on this machine: https with an authority of its own, ETag, redirects, slowness."""

import datetime
import http.server
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


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
    certificate, key = _authority(folder)

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


def _authority(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    moment = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment)
        .not_valid_after(moment + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "partner.pem", folder / "partner.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths
