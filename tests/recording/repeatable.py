"""A clock and random values that depend on nothing but what the test wrote so far.

Two tests that do the same steps write the same rows then, down to the last UUID, token and moment, so that
`tests.recording` can tell that the database is in a state in which it was before. The clock stands still and
moves on by a millisecond with each statement that writes. A test that needs it to go on by itself travels:
`time_machine.travel(now())`.
"""

import datetime
import functools
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from unittest import mock

import pycrdt
import time_machine
import uuid_utils.compat

STEP = datetime.timedelta(milliseconds=1)


@functools.cache
def moment() -> int:
    """Return when every test of this process begins, in seconds: once the database was migrated."""
    return int(time.time())


class Source(Protocol):
    """Where random bytes come from; `draws` counts them up within one moment of the clock."""

    draws: int

    def random_bytes(self, size: int) -> bytes: ...


@contextmanager
def repeatable(source: Source) -> Iterator[time_machine.Traveller]:
    """Inside, the clock stands still, and this thread draws its random bytes from the source."""
    thread, real, begin_really = threading.get_ident(), os.urandom, pycrdt.Doc.__init__

    def urandom(size: int, /) -> bytes:
        return source.random_bytes(size) if threading.get_ident() == thread else real(size)

    def uuid7_int(nanoseconds: int | None = None) -> int:
        rest = int.from_bytes(urandom(8)) >> 2
        milliseconds = (nanoseconds or time.time_ns()) // 1_000_000
        return milliseconds << 80 | 7 << 76 | (source.draws & 0xFFF) << 64 | 0b10 << 62 | rest

    def begin(doc: pycrdt.Doc[Any], *args: Any, client_id: int | None = None, **kwargs: Any) -> None:
        begin_really(doc, *args, client_id=client_id or int.from_bytes(urandom(4)), **kwargs)

    with (
        time_machine.travel(moment(), tick=False) as clock,
        mock.patch.object(os, "urandom", urandom),
        # Bound when `random` was imported, so private: what `secrets` and `SystemRandom` draw from.
        mock.patch.object(random, "_urandom", urandom),
        # Made in Rust, which asks neither the clock nor `os`: there is no public way in.
        mock.patch.object(uuid_utils.compat, "_uuid7_int", uuid7_int),
        mock.patch.object(pycrdt.Doc, "__init__", begin),  # in Rust too: the client's number
    ):
        yield clock
