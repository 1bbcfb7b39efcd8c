"""Django under ASGI with one hand-over to a thread a request.

Django's own handler walks the chain of middlewares in the server's loop and hands each one that is written
for threads, and ours and its own all are, to a thread and back: forty hand-overs a page. It also makes a
thread for every request, and with it a new connection to the database. Here the whole chain runs in one of a
few threads that stay, and so do their connections (`CONN_MAX_AGE`). What is streamed is sent from the loop,
and its files are read in a thread of that answer's own, so that a slow reader holds none of the few.

A body above its limit (`coalition.http.body_limits`) is refused before it is read; without a length, while it
is read.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from io import BytesIO
from typing import IO, Any, Final

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import Error, close_old_connections, connections
from django.http import HttpResponseBadRequest, HttpResponseBase
from django.urls import set_script_prefix

from coalition.http.body_limits import LimitedBody, body_limit_for_scope, scope_without_body

LEAVING: Final = 5.0  # seconds that they wait

logger = logging.getLogger(__name__)

type Scope = dict[str, Any]


class ThreadedHandler(ASGIHandler):
    """An ASGI application: Django's, but for how it uses threads."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._begun: list[str] = []  # names of the threads that there are
        self.threads = ThreadPoolExecutor(
            settings.REQUEST_THREADS,
            thread_name_prefix="request",
            initializer=lambda: self._begun.append(threading.current_thread().name),
        )

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Django answers HTTP only, not {scope['type']}")
        limited = LimitedBody(receive, partial(self._in_thread, _body_limit_or_default, scope))
        body: IO[bytes] = BytesIO()
        try:
            await limited.check_declared_length(scope["headers"])
            if not limited.is_too_large:
                body = await self.read_body(limited.receive)
        except RequestAborted:
            if not limited.is_too_large:
                return
        if limited.is_too_large:
            scope = scope_without_body(scope, limited.limit)
        with closing(body):
            response = await self._in_thread(self._answered, scope, body)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)

    async def _in_thread[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        call = sync_to_async(function, thread_sensitive=False, executor=self.threads)
        return await call(*args, **kwargs)

    def _answered(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """In the thread: everything from the first signal to the last, but for what is streamed."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: HttpResponseBase = refusal or HttpResponseBadRequest()
        if request is not None:
            response = self.get_response(request)
        vars(response)["_handler_class"] = self.__class__  # who says that the request has ended
        if response.streaming:
            vars(response)["block_size"] = self.chunk_size  # files are read in pieces as large as are sent
            close_old_connections()  # of this thread, which does not see the end of the answer
        else:
            response.close()
        return response

    async def close(self) -> None:
        """Let each thread close its connections: it opens others if it is asked again."""
        loop, meeting = asyncio.get_running_loop(), threading.Barrier(max(1, len(self._begun)))
        leaving = [loop.run_in_executor(self.threads, _leave, meeting) for _each in self._begun]
        await asyncio.gather(*leaving)

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Send piece by piece, until all is sent or the reader has gone."""
        async with ThreadSensitiveContext():
            gone = asyncio.create_task(_gone(receive))
            sending = asyncio.create_task(self.send_response(response, send))
            try:
                await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    sending.result()
            finally:
                for task in (gone, sending):
                    task.cancel()
                try:
                    await asyncio.gather(gone, sending, return_exceptions=True)
                finally:  # also where the server, which is stopping, does not wait
                    await asyncio.shield(sync_to_async(_close)(response))


def _body_limit_or_default(scope: Scope) -> int:
    """In a thread: the limit of this request; that of all requests where it cannot be looked up."""
    close_old_connections()
    try:
        return body_limit_for_scope(scope)
    except (Error, UnicodeDecodeError):
        logger.warning("the limit of a body could not be looked up", exc_info=True)
        return int(settings.REQUEST_MAX_BYTES)
    finally:
        close_old_connections()


async def _gone(receive: Any) -> None:
    """Until the reader has gone. What else a reader sends after a whole question means nothing."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _close(response: HttpResponseBase) -> None:
    """In the thread of one streamed answer, which ends here, and with it what it opened."""
    response.close()
    connections.close_all()


def _leave(meeting: threading.Barrier) -> None:
    """In each thread once: they wait for each other, so that none takes two turns."""
    with suppress(threading.BrokenBarrierError):  # one of them still answers
        meeting.wait(LEAVING)
    connections.close_all()


def get_asgi_application() -> ThreadedHandler:
    """Django, set up, as an ASGI application."""
    django.setup(set_prefix=False)
    return ThreadedHandler()
