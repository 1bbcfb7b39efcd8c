"""What a test wrote so far: rows, cache, files; and a hash over all of it, the state."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import time_machine
from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.core.files.storage import FileSystemStorage, Storage
from django.db import connection

from tests.recording.repeatable import STEP, repeatable

CACHE_WRITES = ("set", "add", "incr", "delete", "touch", "clear")
_READS = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|PRAGMA|EXPLAIN)\b", re.IGNORECASE)
_SAVEPOINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "(\w+)"')


@dataclass(frozen=True)
class Statement:
    """A statement that wrote, as Django gave it to the connection."""

    sql: str
    params: Any
    many: bool

    def repeat(self, tape: "Tape") -> None:
        with connection.cursor() as cursor:
            if self.many:
                cursor.executemany(self.sql, self.params)
            else:
                cursor.execute(self.sql, self.params)
            if cursor.description:  # RETURNING: SQLite ends the statement with its last row
                cursor.fetchall()


@dataclass(frozen=True)
class CacheWrite:
    """A call of a method of Django's cache."""

    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def repeat(self, tape: "Tape") -> None:
        getattr(cache, self.method)(*self.args, **self.kwargs)


@dataclass(frozen=True)
class StoredFile:
    """A file in a storage on the disk. It has its name already, and need not reach the disk."""

    storage: FileSystemStorage
    name: str
    content: bytes

    def repeat(self, tape: "Tape") -> None:
        path = Path(self.storage.path(self.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        tape.note(self, self.name, self.content)


def _text_of(value: object) -> str:
    """Return the value as text that differs where the value does: hash(-1) == hash(-2), and 1 == True."""
    if isinstance(value, tuple):
        return f"({','.join(map(_text_of, value))})"
    return repr(bytes(value) if isinstance(value, memoryview) else value)


type Act = Statement | CacheWrite | StoredFile


class Tape:
    """Everything that one test writes, in order.

    `effects`: what no replay can repeat. `patches`: the test's own MonkeyPatch.
    `steps`: how often the clock moved on. `builder`: the name of the one that runs, "" between them.
    """

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.effects: list[str] = []
        self.patches: Any = None
        self.steps = 0
        self.builder = ""
        self.depth = 0  # of builders within builders
        self.draws = 0  # of random bytes since the last act, or since the builder began
        self.clock: time_machine.Traveller | None = None
        self._savepoints: dict[str, tuple[int, int]] = {}
        self._before: object = None
        self._written = 0

    @property
    def state(self) -> int:
        """The hash. Rows from before the test, of a module's fixture, say, make it another one."""
        self._look_before()
        return hash((self._before, self._written))

    def _look_before(self) -> None:
        """Once, before the first statement that writes."""
        if self._before is None:
            connection.ensure_connection()
            # By the driver, so that a test which counts queries does not count this one.
            rows = connection.connection.execute("SELECT total(seq), count(*) FROM sqlite_sequence")
            self._before = rows.fetchone()

    def note(self, act: Act, *values: object) -> None:
        """Something was written: `values` say what."""
        self._written = hash((self._written, _text_of(values)))
        self.acts.append(act)
        self.draws = 0
        self.step()

    def step(self, count: int = 1) -> None:
        """Let the clock move on."""
        self.steps += count
        if self.clock is not None:
            self.clock.shift(count * STEP)

    def random_bytes(self, size: int) -> bytes:
        """Bytes that were never drawn in this state by this builder."""
        self.draws += 1
        seed = f"{self._written}:{self.builder}:{self.draws}"
        return hashlib.shake_128(seed.encode()).digest(size)

    @contextmanager
    def within(self, builder: str) -> Iterator[None]:
        """Let a builder draw its own random bytes, whatever was drawn before it."""
        before = self.builder, self.draws, self._written
        self.builder, self.draws = builder, 0
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            self.builder, draws, written = before
            self.draws = draws if written == self._written else 0

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Note what is written inside. Files that are stored are removed at the end, as rows are."""
        with (
            repeatable(self) as self.clock,
            connection.execute_wrapper(self.watch),
            self._cache_followed(),
            self._storages_followed(),
        ):
            try:
                yield
            finally:
                for act in self.acts:
                    if isinstance(act, StoredFile):
                        Path(act.storage.path(act.name)).unlink(missing_ok=True)

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement once it was executed (for `connection.execute_wrapper`)."""
        if _READS.match(sql):
            if (found := _SAVEPOINT.match(sql)) is not None:
                self._savepoints[found[2]] = (self._written, len(self.acts))
            return execute(sql, params, many, context)
        self._look_before()
        result = execute(sql, params, many, context)
        if (found := _SAVEPOINT.match(sql)) is not None:
            self._roll_back(*self._savepoints[found[2]])
        else:
            values = tuple(map(tuple, params)) if many else tuple(params or ())
            self.note(Statement(sql, params, many), sql, values)
        return result

    def _roll_back(self, written: int, count: int) -> None:
        """Rows are as they were; cache and files are not."""
        stay = [act for act in self.acts[count:] if not isinstance(act, Statement)]
        self.acts[count:] = stay
        self._written = hash((written, len(stay))) if stay else written

    @contextmanager
    def _cache_followed(self) -> Iterator[None]:
        def follow(method: str, write: Callable[..., Any]) -> Callable[..., Any]:
            def followed(*args: Any, **kwargs: Any) -> Any:
                result = write(*args, **kwargs)
                self.note(CacheWrite(method, args, kwargs), method, repr((args, kwargs)))
                return result

            return followed

        backend = caches[DEFAULT_CACHE_ALIAS]  # a test may put another one in its place meanwhile
        for method in CACHE_WRITES:
            setattr(backend, method, follow(method, getattr(backend, method)))
        try:
            yield
        finally:
            for method in CACHE_WRITES:
                delattr(backend, method)

    @contextmanager
    def _storages_followed(self) -> Iterator[None]:
        save, delete = Storage.save, FileSystemStorage.delete

        def saved(storage: Storage, *args: Any, **kwargs: Any) -> str:
            name = save(storage, *args, **kwargs)
            if isinstance(storage, FileSystemStorage):
                content = Path(storage.path(name)).read_bytes()
                self.note(StoredFile(storage, name, content), name, content)
            else:
                self.effects.append("stored a file that is not on this disk")
            return name

        def deleted(storage: FileSystemStorage, name: str) -> None:
            self.effects.append("deleted a file")
            delete(storage, name)

        setattr(Storage, "save", saved)  # noqa: B010  mypy refuses to assign to a method
        setattr(FileSystemStorage, "delete", deleted)  # noqa: B010  as above
        try:
            yield
        finally:
            setattr(Storage, "save", save)  # noqa: B010  as above
            setattr(FileSystemStorage, "delete", delete)  # noqa: B010  as above
