"""What else passes through deploy/nginx.conf: private files, sockets, uploads, and what its log tells."""

import io
import socket
import ssl

import pytest
from django.test import Client
from django.urls import reverse

from coalition.core.log_redaction import TOKEN_PATHS, mask_tokens
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from documents.files.actions import upload_file
from tests.conftest import sign_in
from tests.factories import seat

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TOKEN = "kR4nary-Token_7f3a"


def session_of(person) -> str:
    return f"sessionid={sign_in(Client(), person).session.session_key}"


def test_a_private_file_leaves_by_nginx_after_the_right_was_asked(front):
    held = seat(role=SeatRole.COORDINATOR)
    access = access_to(held.person, held.workspace.uuid)
    file = upload_file(access=access, content=io.BytesIO(PDF), size=len(PDF), name="ә plan.pdf")
    path = reverse("documents:download", args=[file.uuid])
    answer, body = front.ask(path, Cookie=session_of(held.person))
    assert (answer.status, body) == (200, PDF)
    assert answer.headers["X-Handling"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers["X-Accel-Redirect"] is None
    part, body = front.ask(path, Cookie=session_of(held.person), Range="bytes=1-3")
    assert (part.status, body) == (206, b"PDF")
    assert front.ask(path, Cookie=session_of(seat().person))[0].status == 404
    assert front.ask(path)[0].status in {302, 404}
    for inside in (
        f"/internal/files/{file.file.name}",
        "/internal/pages-version",
        "/internal/words/413.html",
    ):
        assert front.ask(inside, Cookie=session_of(held.person))[0].status == 404, inside


def test_a_socket_passes(front):
    cookie = session_of(seat().person)
    context = ssl.create_default_context(cafile=str(front.authority))
    with (
        socket.create_connection(("localhost", front.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        lines = [
            "GET /ws/live/ HTTP/1.1",
            "Host: localhost",
            "Origin: https://localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            f"Cookie: {cookie}",
        ]
        wrapped.sendall("\r\n".join([*lines, "", ""]).encode())
        assert wrapped.recv(4096).startswith(b"HTTP/1.1 101 ")


def test_no_secret_of_an_address_stands_in_the_log(front):
    for path in TOKEN_PATHS:
        language = (
            "/ru" if path.startswith(("/membership", "/open-letter", "/news-by-mail", "/shifts")) else ""
        )
        front.ask(f"{language}{path}{TOKEN}/", Referer=f"https://localhost{path}{TOKEN}/")
    front.ask(f"/calendar/private/{TOKEN}.ics")
    front.ask(f"/accounts/login/?next=/guest/{TOKEN}/")
    front.ask("/ru/search/?q=kR4nary")
    front.ask("/healthz")
    told = front.log("/healthz")
    assert "kR4nary" not in told
    assert "127.0.0.1" not in told
    for path in TOKEN_PATHS:
        assert f"{path}***/" in told, path
    assert mask_tokens(told) == told


def test_what_is_too_large_is_told_in_words(front):
    size = 27 * 1024 * 1024
    answer, body = front.ask("/accounts/login/", method="POST", Content_Length=str(size), body=b"")
    assert answer.status == 413
    for words in ("Файл тым үлкен", "Файл слишком большой", "The file is too large"):
        assert words in body.decode()
    assert not front.application.asked


def test_who_knocks_too_often_is_told_to_wait(front):
    answers = [front.ask("/accounts/login/", method="POST", body=b"login=a")[0].status for _turn in range(14)]
    assert answers[-1] == 429
    assert answers.count(403) >= 10  # the application's own answer to a form without its proof
    assert "Wait a minute" in front.ask("/accounts/login/", method="POST", body=b"")[1].decode()
    assert front.ask("/accounts/login/")[0].status == 200  # to look is free
