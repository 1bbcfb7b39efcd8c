"""Threads of their own for the log, with connections that stay open.

Everything else that sockets ask of the database shares one thread: a batch of two hundred people's writing
must not wait behind two hundred looks at their rights.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import Error, connections


class DbExecutor:
    """One thread; what is given to it is done in its order."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def do[**P, R](self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `work(*args, **kwargs)`, done in the thread. Raises what it raises."""
        call = partial(_run_in_thread, partial(work, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def close(self) -> None:
        """End the thread, its connections too."""
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)


def _run_in_thread[R](work: Callable[[], R]) -> R:
    try:
        return work()
    except Error:
        # A server that was restarted: the next attempt opens another connection.
        connections.close_all()
        raise
