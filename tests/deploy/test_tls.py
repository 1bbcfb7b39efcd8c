"""What deploy/nginx.conf answers to old TLS, weak ciphers, TRACE, folders and two lengths."""

import socket
import ssl
import warnings

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def shake(front, **wanted) -> str:
    """The version and cipher on which both sides agree. Raises ssl.SSLError if there is none."""
    context = ssl.create_default_context(cafile=str(front.authority))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are what is asked for
        context.minimum_version = wanted.get("version", ssl.TLSVersion.TLSv1_2)
        context.maximum_version = wanted.get("version", ssl.TLSVersion.TLSv1_3)
    if "ciphers" in wanted:
        context.set_ciphers(wanted["ciphers"])
    with (
        socket.create_connection(("localhost", front.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        return f"{wrapped.version()} {(wrapped.cipher() or ('',))[0]}"


def test_old_versions_are_refused(front):
    assert shake(front).startswith("TLSv1.3 ")
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError):
            shake(front, version=version, ciphers="ALL:@SECLEVEL=0")


def test_weak_ciphers_are_refused(front):
    """Without forward secrecy, or without authentication of what is encrypted."""
    old = ssl.TLSVersion.TLSv1_2
    assert "GCM" in shake(front, version=old, ciphers="ECDHE+AESGCM")
    for weak in ("AES128-GCM-SHA256", "AES256-SHA", "ECDHE+AES:!AESGCM:!AESCCM", "ECDHE+SHA384:!AESGCM"):
        with pytest.raises(ssl.SSLError):
            shake(front, version=old, ciphers=f"{weak}:@SECLEVEL=0")


def test_trace_is_refused(front):
    answer, body = front.ask("/en/", method="TRACE", X_Canary="kR4nary")
    assert answer.status == 405
    assert b"kR4nary" not in body


def test_no_folder_is_listed(front):
    for folder in ("/static/", "/media/", "/static/fonts/"):
        answer, body = front.ask(folder)
        assert answer.status in {403, 404}, folder
        assert b"Index of" not in body


@pytest.mark.parametrize(
    "heads",
    [
        ["Content-Length: 3", "Transfer-Encoding: chunked"],
        ["Content-Length: 3", "Content-Length: 4"],
        ["Transfer-Encoding: xchunked"],
    ],
    ids=["both", "two", "unknown"],
)
def test_two_ways_to_tell_a_length_are_refused(front, heads):
    context = ssl.create_default_context(cafile=str(front.authority))
    with (
        socket.create_connection(("localhost", front.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        lines = ["POST /accounts/login/ HTTP/1.1", "Host: localhost", *heads, "", "0", "", ""]
        wrapped.sendall("\r\n".join(lines).encode())
        status = wrapped.recv(4096).split(b" ")[1]
    assert status in {b"400", b"501"}
    assert not front.application.asked
