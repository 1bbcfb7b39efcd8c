"""Helpers for a Y.Doc used by several modules."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import Error, connections
from pycrdt import Doc, merge_updates

from coalition.realtime.backend import LiveDoc
from coalition.realtime.frames import BadFrame, read_state_vector
from coalition.realtime.updates import JointChanges, UpdateContent, read_update


def apply_update(doc: LiveDoc, update: bytes) -> None:
    """Apply an untrusted update. Raises BadFrame if it is invalid."""
    try:
        doc.apply_update(update)
    except BaseException as fault:  # pyo3's panics are no Exception; they must close one socket only
        if isinstance(fault, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
            raise
        raise BadFrame("not an update") from fault


def assemble_document(snapshot: bytes, rows: Iterable[bytes]) -> LiveDoc:
    """Build a document from its log."""
    doc: LiveDoc = Doc()
    if snapshot:
        doc.apply_update(snapshot)
    for piece in applicable_pieces(rows, read_state_vector(doc.get_state())):
        doc.apply_update(piece)
    return doc


def applicable_pieces(updates: Iterable[bytes], state: Mapping[int, int]) -> Iterator[bytes]:
    """Yield the updates, merged where they need each other; each is applied after the one before.

    Updates are omitted if they build on changes missing from both these updates and a document with
    this state: a document would keep them pending, and the library does not always resolve them
    later.
    """
    known = dict(state)
    waiting: list[tuple[bytes, UpdateContent]] = []
    together = JointChanges(known)
    for update in updates:
        change = read_update(update)
        waiting.append((update, change))
        if together.add(change):
            yield merged_update([one for one, _change in waiting])
            for _one, done in waiting:
                done.count(known)
            waiting, together = [], JointChanges(known)
    if found := _complete_updates(waiting, known):
        yield merged_update(found)


def _complete_updates(waiting: list[tuple[bytes, UpdateContent]], known: Mapping[int, int]) -> list[bytes]:
    """Return the updates whose predecessors are all known, however many others lack theirs."""
    while True:
        together = JointChanges(known)
        for _update, change in waiting:
            together.add(change)
        standing = [one for one in waiting if together.holds(one[1])]
        if len(standing) == len(waiting):
            return [update for update, _change in standing]
        waiting = standing


def merged_update(updates: Sequence[bytes]) -> bytes:
    """Return one update equivalent to all of them."""
    return merge_updates(*updates) if len(updates) > 1 else updates[0]


# --- db executor ---
# Separate threads for the log, with persistent connections.
#
# All other database access of sockets shares one thread: a batch of two hundred people's writes must
# not wait behind two hundred checks of their rights.


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
