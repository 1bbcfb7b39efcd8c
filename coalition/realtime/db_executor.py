"""Separate threads for the log, with persistent connections.

All other database access of sockets shares one thread: a batch of two hundred people's writes must
not wait behind two hundred checks of their rights.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import Error, connections


class DbExecutor:
    """A single-thread executor; tasks run in order."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def do[**P, R](self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work(*args, **kwargs)` in the thread and return its result. Raises what it
        raises."""
        call = partial(_run_in_thread, partial(work, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def close(self) -> None:
        """Stop the thread and close its connections."""
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)


def _run_in_thread[R](work: Callable[[], R]) -> R:
    try:
        return work()
    except Error:
        # After a restart of the database server the next attempt opens a new connection.
        connections.close_all()
        raise
