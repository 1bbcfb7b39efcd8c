"""Bodies of requests: how many bytes are read, of whom, and what is answered to the others."""

import tempfile
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as now_set
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from coalition.accounts.actions.memberships import end_sessions
from coalition.accounts.models import User
from coalition.asgi_handler import ThreadedHandler
from coalition.http.body_limits import LimitedBody, body_limit
from documents.interchange.reader.unpack import MOST_BYTES
from events.partner_calendars.reader.parser import MAX_CALENDAR_BYTES as LARGEST_CALENDAR
from events.spreadsheets.reader import MAX_FILE_BYTES as LARGEST_SHEET
from home.videos import MAX_VIDEO_BYTES as LARGEST_VIDEO, MAX_VIDEO_REQUEST_BYTES
from tests.asked_in_parts import Talk
from tests.conftest import sign_in
from tests.factories import UserFactory
from tests.home.conftest import newsroom, site

ADD = "/cms/snippets/home/publicvideo/add/"
EDIT = "/cms/snippets/home/publicvideo/edit/1/"
FORM = "/accounts/login/"
LIMIT = 1000  # bytes, in place of the real ones
PART, END = "http.request", "http.disconnect"

__all__ = ["newsroom", "site"]  # fixtures


def asked(path: str, session_key: str = "", *, method: str = "POST") -> ASGIRequest:
    cookie = f"{now_set.SESSION_COOKIE_NAME}={session_key}".encode()
    scope = {"type": "http", "method": method, "path": path, "headers": [(b"cookie", cookie)]}
    return ASGIRequest(scope, BytesIO())


def test_every_upload_fits_into_a_request() -> None:
    form = 512 * 1024  # the other fields, and what multipart/form-data adds
    uploads = (
        now_set.FILE_UPLOAD_MAX_BYTES,
        now_set.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
        now_set.DATA_UPLOAD_MAX_MEMORY_SIZE,
        MOST_BYTES,
        LARGEST_CALENDAR,
        LARGEST_SHEET,
    )
    assert max(uploads) + form < now_set.REQUEST_MAX_BYTES
    assert LARGEST_VIDEO + form < MAX_VIDEO_REQUEST_BYTES


@pytest.mark.django_db
def test_only_who_may_send_videos_sends_large_bodies_and_only_there(newsroom) -> None:
    key = newsroom.session.session_key
    assert body_limit(asked(ADD, key)) == body_limit(asked(EDIT, key)) == MAX_VIDEO_REQUEST_BYTES
    small = [
        asked(ADD),
        asked(ADD, "a" * 32),
        asked(ADD, sign_in(Client(), UserFactory(is_staff=True)).session.session_key),
        asked(ADD, key, method="GET"),
        asked("/cms/snippets/home/publicvideo/", key),
        asked("/cms/snippets/home/topic/add/", key),
        asked("/no/such/page", key),
        asked(FORM, key),
    ]
    assert [body_limit(request) for request in small] == [now_set.REQUEST_MAX_BYTES] * len(small)


@pytest.mark.django_db
def test_a_session_that_may_not_enter_sends_no_large_bodies(newsroom) -> None:
    session = newsroom.session
    methods = session.pop("account_authentication_methods")  # the second factor
    session.save()
    assert body_limit(asked(ADD, session.session_key)) == now_set.REQUEST_MAX_BYTES
    session["account_authentication_methods"] = methods
    session.save()
    assert body_limit(asked(ADD, session.session_key)) == MAX_VIDEO_REQUEST_BYTES
    end_sessions([User.objects.get(pk=session["_auth_user_id"])])
    assert body_limit(asked(ADD, session.session_key)) == now_set.REQUEST_MAX_BYTES


def body_of(*parts: bytes, limit: int = LIMIT) -> tuple[LimitedBody, list[str]]:
    """A body that arrives in these parts; and what is asked for it, in its order."""
    waiting, asked_for = list(parts), []

    async def receive() -> dict[str, object]:
        asked_for.append("part")
        return {"type": "http.request", "body": waiting.pop(0), "more_body": True}

    async def ask_limit() -> int:
        asked_for.append("limit")
        return limit

    return LimitedBody(receive, ask_limit), asked_for


async def kind_of_part(body: LimitedBody) -> str:
    return str((await body.receive())["type"])


@pytest.fixture
def small_limit(settings) -> None:
    settings.REQUEST_MAX_BYTES = LIMIT


@pytest.mark.parametrize(
    ("length", "limit", "too_large"),
    [(b"1000", 0, False), (b"1001", 0, True), (b"5000", 5000, False), (b"5001", 5000, True), (b"", 0, False)],
)
async def test_a_declared_length_is_judged_before_anything_is_read(
    small_limit, length, limit, too_large
) -> None:
    body, asked_for = body_of(limit=limit)
    await body.check_declared_length([(b"host", b"localhost"), (b"content-length", length)])
    assert body.is_too_large is too_large
    assert asked_for == (["limit"] if length > b"1000" else [])


async def test_a_body_without_a_length_is_received_up_to_its_limit(small_limit) -> None:
    body, asked_for = body_of(b"x" * 600, b"x" * 400, b"x", b"never received")
    assert [(await body.receive())["type"] for _part in range(3)] == 2 * ["http.request"] + [
        "http.disconnect"
    ]
    assert body.is_too_large
    assert asked_for == ["part", "part", "part", "limit"]


async def test_a_body_that_may_be_larger_is_received_up_to_that_limit(small_limit) -> None:
    body, asked_for = body_of(b"x" * 1001, b"x" * 999, b"x", limit=2000)
    assert [(await body.receive())["type"] for _part in range(3)] == 2 * ["http.request"] + [
        "http.disconnect"
    ]
    assert asked_for == ["part", "limit", "part", "part"]


@pytest.fixture
async def application(small_limit, settings, transactional_db) -> AsyncIterator[ThreadedHandler]:
    settings.REQUEST_THREADS, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1, LIMIT // 2
    handler = ThreadedHandler()
    yield handler
    await handler.close()


async def test_too_large_a_body_is_refused_in_words_before_it_arrives(application) -> None:
    for path in (FORM, ADD):
        headers = [(b"content-length", b"2000000"), (b"accept-language", b"en")]
        talk = Talk(application, path, method="POST", headers=headers)
        status, page = await talk.answered_unasked()
        assert status == 413
        assert "What you sent is too large" in page.decode()
        assert 'lang="en"' in page.decode()


async def test_too_large_a_body_without_a_length_is_not_kept(application, monkeypatch) -> None:
    files = []
    make = tempfile.SpooledTemporaryFile

    def noted(*given, **more):
        files.append(make(*given, **more))
        return files[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", noted)
    talk = Talk(application, FORM, method="POST", headers=[(b"transfer-encoding", b"chunked")])
    for size in (600, 400, 1):
        await talk.send_part(b"x" * size)
    status, _page = await talk.answered_unasked()
    assert (status, [file.closed for file in files]) == (413, [True])


async def test_a_video_of_who_may_send_it_is_read_and_a_strangers_is_not(application) -> None:
    def session_key() -> str:
        return str(sign_in(Client(), UserFactory(is_superuser=True)).session.session_key)

    cookie = (b"cookie", f"{now_set.SESSION_COOKIE_NAME}={await sync_to_async(session_key)()}".encode())
    length = (b"content-length", b"2000")
    assert (await Talk(application, ADD, method="POST", headers=[length]).answered_unasked())[0] == 413
    talk = Talk(application, ADD, method="POST", headers=[length, cookie])
    await talk.send_part(b"x" * 2000)
    assert (await talk.whole())[0] == 403  # read to its end; it held no token of the form
