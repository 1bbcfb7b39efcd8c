"""Django answers in one thread a request, whose connection to the database stays."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as now_set
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from coalition.asgi_handler import ThreadedHandler
from home.views.public import CHUNK
from tests.asked_in_parts import Talk

pytestmark = pytest.mark.django_db(transaction=True)

SEEN: list[str] = []


def noting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that notes in which thread it is asked, and what language it finds there."""

    def ask(request: HttpRequest) -> HttpResponse:
        SEEN.append(threading.current_thread().name)
        return get_response(request)

    return ask


@contextmanager
def heard(signal: Any) -> Iterator[list[str]]:
    """Names of the threads in which the signal is sent."""
    names: list[str] = []

    def hear(**_given: Any) -> None:
        names.append(threading.current_thread().name)

    signal.connect(hear)
    yield names
    signal.disconnect(hear)


@pytest.fixture
async def application(settings, site) -> AsyncIterator[ThreadedHandler]:
    settings.REQUEST_THREADS = 1
    SEEN.clear()
    middle = len(settings.MIDDLEWARE) // 2
    own = [*settings.MIDDLEWARE]
    for place in (0, middle, len(own)):
        own.insert(place, "tests.home.test_asgi_handler.noting")
    settings.MIDDLEWARE = own
    made = ThreadedHandler()
    yield made
    await made.close()


@pytest.fixture
def stays(monkeypatch) -> None:
    """Connections stay, as outside of tests."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)


def test_no_middleware_needs_the_loop() -> None:
    for name in now_set.MIDDLEWARE:
        assert getattr(import_string(name), "sync_capable", True), name


async def test_all_of_a_request_happens_in_one_thread(application) -> None:
    with heard(request_started) as begun, heard(request_finished) as ended:
        assert (await Talk(application, "/en/").whole())[0] == 200
    assert len(SEEN) == 3
    assert begun == ended == SEEN[:1]
    assert len(set(SEEN)) == 1
    assert SEEN[0] != threading.current_thread().name


async def test_the_thread_and_its_connection_stay(application, stays) -> None:
    with heard(connection_created) as opened:
        for _time in range(3):
            assert (await Talk(application, "/en/").whole())[0] == 200
    assert len(set(SEEN)) == 1
    assert opened == SEEN[:1]


async def test_a_connection_that_may_not_stay_is_closed(application) -> None:
    with heard(connection_created) as opened:
        for _time in range(2):
            await Talk(application, "/en/").whole()
    assert len(opened) == 2


async def test_nothing_of_a_request_is_left_for_the_next(application) -> None:
    await Talk(application, "/ru/").whole()
    left = application.threads.submit(translation.get_language).result(10)
    assert left == now_set.LANGUAGE_CODE


async def test_a_slow_reader_holds_no_thread(application) -> None:
    name = await sync_to_async(storages["public"].save)("slow.bin", ContentFile(b"x" * 3 * CHUNK))
    slow = Talk(application, f"/media/{name}")
    assert (await slow.begin())["status"] == 200
    assert len((await slow.part())["body"]) == CHUNK
    assert (await Talk(application, "/en/").whole())[0] == 200
    await slow.leave()


async def test_a_streamed_answer_is_whole_and_closed(application) -> None:
    name = await sync_to_async(storages["public"].save)("whole.bin", ContentFile(b"x" * (3 * CHUNK + 7)))
    with heard(request_finished) as ended:
        assert await Talk(application, f"/media/{name}").whole() == (200, b"x" * (3 * CHUNK + 7))
    assert len(ended) == 1


async def test_who_goes_away_while_it_is_streamed_ends_it(application) -> None:
    name = await sync_to_async(storages["public"].save)("gone.bin", ContentFile(b"x" * 64 * CHUNK))
    reader = Talk(application, f"/media/{name}")
    await reader.begin()
    with heard(request_finished) as ended:
        await reader.leave()
    assert len(ended) == 1


async def test_a_slow_question_holds_no_thread_and_may_break_off(application) -> None:
    slow = Talk(application, "/accounts/login/", method="POST")
    await slow.send_part(b"login=")
    assert (await Talk(application, "/en/").whole())[0] == 200
    seen = len(SEEN)
    await slow.leave()
    assert len(SEEN) == seen


async def test_threads_that_closed_their_connections_answer_again(application, stays) -> None:
    with heard(connection_created) as opened:
        for _time in range(2):
            assert (await Talk(application, "/en/").whole())[0] == 200
            await application.close()
    assert len(opened) == 2


async def test_what_is_not_http_is_refused(application) -> None:
    with pytest.raises(ValueError, match="websocket"):
        await application({"type": "websocket"}, None, None)
