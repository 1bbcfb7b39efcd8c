"""Test data are built once per process and replayed for the tests after that.

`@recorded` on a builder (a factory, `stage()`, `Stage.publish()`): the first call runs the builder and keeps
the SQL that it wrote and a pickle of what it returned. A later call runs that SQL instead, if the database is
in the same state and arguments, clock, settings and language are the same. Every test still has its own rows
in its own transaction, and its own copy of the objects.

The state of the database is a hash over every statement that wrote since the test began, so it does not
matter who wrote: builders or the test itself. `tests.repeatable` lets the same steps write the same rows.

A builder runs for real on PostgreSQL, in tests that commit, in other threads, while something is patched or
queries are counted, under a clock that moves by itself, and with arguments that have no name (clients, open
files, functions). What stored files, sent mail, raised, or cannot be pickled is not kept.

`RECORDINGS=off` in the environment runs all of them for real, with the real clock and real random values;
`RECORDINGS=report` prints at the end what ran for real.
"""

import dataclasses
import datetime
import enum
import functools
import hashlib
import inspect
import io
import itertools
import operator
import os
import pickle
import re
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, Storage
from django.db import DJANGO_VERSION_PICKLE_KEY, connection, transaction
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fetch_modes import FetchMode
from django.db.models.fields.files import FieldFile
from django.test.signals import setting_changed
from django.utils import timezone, translation

from coalition.core import clock
from tests.repeatable import STEP, repeatable

MODE = os.environ.get("RECORDINGS", "on")  # on, off or report
AT_MOST = 5000  # recordings; those that were not replayed for longest go first
FIRST_NUMBER = 1000  # as many digits for all: words sort as numbers do
PLAIN = (str, int, float, Decimal, bytes, UUID, enum.Enum, FetchMode)
PLAIN += (datetime.date, datetime.time, datetime.timedelta)
CACHE_WRITES = ("set", "add", "incr", "delete", "touch", "clear")
_READS = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|PRAGMA|EXPLAIN)\b", re.IGNORECASE)
_SAVEPOINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "(\w+)"')


class NotRecordable(Exception):
    """Why a call runs for real, or why what it did is not kept."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """One statement that wrote, as Django gave it to the connection."""

    sql: str
    params: Any
    many: bool


@dataclasses.dataclass(frozen=True)
class Recording:
    """What one call of a builder did. `objects`: a pickle of the result and of the arguments it changed."""

    statements: list[Statement]
    steps: int  # of the clock
    cache_writes: list[tuple[str, tuple[Any, ...], dict[str, Any]]]
    on_commit: list[tuple[Callable[[], object], bool]]
    objects: bytes


class Tape:
    """What one test wrote so far: its statements in order, and a hash over them as the state."""

    def __init__(self) -> None:
        self.clock: time_machine.Traveller | None = None
        self.steps = 0  # of the clock
        self.draws = 0  # of random bytes since the last statement, or since the builder began
        self.builder = ""  # the one that runs
        self.statements: list[Statement] = []
        self.cache_writes: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.effects: list[str] = []  # what no replay can repeat
        self._savepoints: dict[str, tuple[int, int]] = {}
        self._state: int | None = None
        self.patches: Any = None  # the test's own MonkeyPatch, if it asked for one
        self.is_noting = False

    def random_bytes(self, size: int) -> bytes:
        """Values that were never drawn in this state by this builder. (Their number tells them apart.)"""
        self.draws += 1
        seed = f"{self._state}:{self.builder}:{self.draws}"
        return hashlib.shake_128(seed.encode()).digest(size)

    def step(self, count: int = 1) -> None:
        """Let the clock move on."""
        self.steps += count
        if self.clock is not None:
            self.clock.shift(count * STEP)

    @contextmanager
    def within(self, builder: Callable[..., Any]) -> Iterator[None]:
        """Let a builder draw its own random values, whatever was drawn before it."""
        before = self.builder, self.draws, self.state
        self.builder, self.draws = f"{builder.__module__}.{builder.__qualname__}", 0
        try:
            yield
        finally:
            self.builder, draws, state = before
            self.draws = draws if state == self.state else 0

    @property
    def state(self) -> int:
        """The hash. Rows from before the test, of a module's fixture, say, make it another one."""
        if self._state is None:
            connection.ensure_connection()
            # By the driver, so that a test which counts queries does not count this one.
            rows = connection.connection.execute("SELECT total(seq), count(*) FROM sqlite_sequence")
            self._state = hash(rows.fetchone())
        return self._state

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement once it was executed (for `connection.execute_wrapper`)."""
        if _READS.match(sql):
            if (found := _SAVEPOINT.match(sql)) is not None:
                self._savepoints[found[2]] = (self.state, len(self.statements))
            return execute(sql, params, many, context)
        state = self.state
        result = execute(sql, params, many, context)
        if (found := _SAVEPOINT.match(sql)) is not None:
            self._state, count = self._savepoints[found[2]]
            del self.statements[count:]
        else:
            given = tuple(map(tuple, params)) if many else tuple(params or ())
            self._state = hash((state, sql, given))
            self.statements.append(Statement(sql, params, many))
            self.draws = 0
            self.step()
        return result

    def replay(self, statements: list[Statement]) -> None:
        """Execute statements of a recording; `watch` notes them."""
        with connection.cursor() as cursor:
            for one in statements:
                if one.many:
                    cursor.executemany(one.sql, one.params)
                else:
                    cursor.execute(one.sql, one.params)
                if cursor.description:  # RETURNING: SQLite ends the statement with its last row
                    cursor.fetchall()


_tapes: list[Tape] = []  # of the running test; empty outside of tests and where all builders run for real
_recordings: dict[Hashable, Recording] = {}
_same_patches: list[str] = []
_numbers = itertools.count(FIRST_NUMBER)
_usual_settings: dict[str, str] = {}
_other_settings: dict[str, str] = {}
figures: Counter[str] = Counter()
reasons: Counter[str] = Counter()


def recorded[**P, R](builder: Callable[P, R]) -> Callable[P, R]:
    """Decorate a builder of test data: a function of its arguments and the database, and of nothing else.

    Raises `TypeError` for a function inside another that uses its variables: they would be arguments that
    nobody sees.
    """
    if builder.__closure__:
        raise TypeError(f"{builder.__qualname__} uses variables of a function around it: give them to it")

    @functools.wraps(builder)
    def build(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _tapes:
            return builder(*args, **kwargs)
        tape = _tapes[-1]
        try:
            _refuse_unusual(tape)
            given = _Given((args, kwargs))
            key = (builder, given.name, tape.state, _surroundings())
        except NotRecordable as reason:
            _count("for real", builder, str(reason))
            return builder(*args, **kwargs)
        recording = _recordings.get(key)
        if recording is not None:
            _recordings[key] = _recordings.pop(key)  # the last one now
            _count("replayed", builder)
            return _replay(tape, recording, given)
        return _record(tape, key, given, functools.partial(builder, *args, **kwargs))

    return build


def number() -> int:
    """Return a number for names in test data, higher than for every row made before in the same test."""
    return FIRST_NUMBER + _tapes[-1].steps if _tapes else next(_numbers)


def _record(tape: Tape, key: tuple[Any, ...], given: "_Given", call: Callable[[], Any]) -> Any:
    statements, cache_writes, effects = len(tape.statements), len(tape.cache_writes), len(tape.effects)
    callbacks, steps = len(connection.run_on_commit), tape.steps
    with tape.within(key[0]), _noted(tape):
        result = call()
    try:
        if tape.effects[effects:]:
            raise NotRecordable(tape.effects[-1])
        if len(tape.statements) < statements or len(connection.run_on_commit) < callbacks:
            raise NotRecordable("rolled back what was there before")
        recording = Recording(
            tape.statements[statements:],
            tape.steps - steps,
            tape.cache_writes[cache_writes:],
            [(function, robust) for _ids, function, robust in connection.run_on_commit[callbacks:]],
            given.pickled(result),
        )
    except NotRecordable as reason:
        _count("for real", key[0], str(reason))
        return result
    _count("recorded", key[0])
    if len(_recordings) >= AT_MOST:
        del _recordings[next(iter(_recordings))]
    _recordings[key] = recording
    return result


def _replay(tape: Tape, recording: Recording, given: "_Given") -> Any:
    tape.replay(recording.statements)
    tape.step(recording.steps - len(recording.statements))  # there were some that it rolled back
    for name, args, kwargs in recording.cache_writes:
        tape.cache_writes.append((name, args, kwargs))
        getattr(cache, name)(*args, **kwargs)
    for function, robust in recording.on_commit:
        transaction.on_commit(function, robust=robust)
    return given.loaded(recording.objects)


@contextmanager
def _noted(tape: Tape) -> Iterator[None]:
    """Note what a builder does beside SQL. Builders call builders: the outermost begins."""
    if tape.is_noting:
        yield
        return
    sent = len(mail.outbox)
    with ExitStack() as stack:
        for name in CACHE_WRITES:
            write = functools.partial(_write_cache, tape, name, getattr(cache, name))
            stack.enter_context(mock.patch.object(cache, name, write))
        for owner, name in ((Storage, "save"), (FileSystemStorage, "delete")):
            method = functools.partialmethod(_touch_file, tape, getattr(owner, name))
            stack.enter_context(mock.patch.object(owner, name, method))
        tape.is_noting = True
        try:
            yield
        finally:
            tape.is_noting = False
    if len(mail.outbox) != sent:
        tape.effects.append("sent mail")


def _write_cache(tape: Tape, name: str, write: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    tape.cache_writes.append((name, args, kwargs))
    return write(*args, **kwargs)


def _touch_file(storage: Storage, tape: Tape, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    tape.effects.append("stored or deleted a file")
    return method(storage, *args, **kwargs)


class _Given:
    """The arguments of one call: a name by which to find them again, and every object in them that the
    builder may change or return.

    Raises `NotRecordable` if something in them has no name.
    """

    def __init__(self, arguments: object) -> None:
        self.objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self.name = self._name(arguments)
        self._before = [_contents(one) for one in self.objects]

    def _name(self, thing: Any) -> Hashable:
        """All that it holds, down to the last value: equal names stand for arguments that are alike."""
        if thing is None or isinstance(thing, PLAIN):
            return thing
        if isinstance(thing, tuple):
            return (tuple, *map(self._name, thing))
        if isinstance(thing, FieldFile):
            return (FieldFile, thing.name)
        if isinstance(thing, type) or (inspect.isfunction(thing) and "<" not in thing.__qualname__):
            return thing
        if (number := self._numbers.get(id(thing))) is not None:
            return ("again", number)
        if isinstance(thing, (list, dict, set, Model, ModelState)) or dataclasses.is_dataclass(thing):
            self._numbers[id(thing)] = len(self.objects)
            self.objects.append(thing)
            return (type(thing), *self._names_in(thing))
        raise NotRecordable(f"an argument of type {type(thing).__name__}")

    def _names_in(self, thing: Any) -> Iterator[Hashable]:
        contents = _contents(thing)
        if isinstance(contents, dict):
            items = contents.items() if isinstance(thing, dict) else sorted(contents.items())
            for key, value in items:
                yield self._name(key)
                yield self._name(value)
        elif isinstance(contents, list):
            yield from map(self._name, contents)
        elif all(isinstance(one, PLAIN) for one in contents):
            yield frozenset(contents)
        else:
            raise NotRecordable("an argument with a set of objects")

    def pickled(self, result: object) -> bytes:
        """The result, and what the builder changed in the arguments; these themselves by their numbers.

        Raises `NotRecordable` if that cannot be pickled.
        """
        after = [_contents(one) for one in self.objects]
        changed = {
            number: now
            for number, (before, now) in enumerate(zip(self._before, after, strict=True))
            if not _is_same(before, now)
        }
        file = io.BytesIO()
        try:
            _Pickler(file, self._numbers).dump((result, changed))
        except (pickle.PicklingError, AttributeError, TypeError) as fault:
            raise NotRecordable(f"cannot be pickled: {fault}") from fault
        return file.getvalue()

    def loaded(self, pickled: bytes) -> Any:
        """Change the arguments as the builder did and return a copy of its result."""
        result, changed = _Unpickler(io.BytesIO(pickled), self.objects).load()
        for number, contents in changed.items():
            _refill(self.objects[number], contents)
        return result


class _Pickler(pickle.Pickler):
    """Writes the number of an argument in place of the argument."""

    def __init__(self, file: io.BytesIO, numbers: dict[int, int]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, thing: object) -> int | None:
        return self._numbers.get(id(thing))

    def reducer_override(self, thing: Any) -> Any:
        """Rows as Django pickles them, but for its version, which would stay in the copy as an attribute."""
        return (*thing.__reduce__(), None, None, _set_state) if isinstance(thing, Model) else NotImplemented


def _set_state(row: Model, state: dict[str, Any]) -> None:
    row.__setstate__(state)
    del vars(row)[DJANGO_VERSION_PICKLE_KEY]


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, objects: list[Any]) -> None:
        super().__init__(file)
        self._objects = objects

    def persistent_load(self, number: int) -> Any:
        return self._objects[number]


def _contents(thing: Any) -> Any:
    """A shallow copy of what it holds."""
    if isinstance(thing, (list, dict, set)):
        return thing.copy()
    if isinstance(thing, ModelState):
        thing.fields_cache  # noqa: B018  is there only once somebody has looked
    if hasattr(thing, "__dict__"):
        return vars(thing).copy()
    return {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}


def _is_same(before: Any, now: Any) -> bool:
    """Whether both hold the very same objects."""
    if isinstance(before, set):
        return bool(before == now)
    if isinstance(before, dict):
        return list(before) == list(now) and all(before[key] is now[key] for key in before)
    return len(before) == len(now) and all(map(operator.is_, before, now))


def _refill(thing: Any, contents: Any) -> None:
    if isinstance(thing, list):
        thing[:] = contents
        return
    inside = thing if isinstance(thing, (dict, set)) else vars(thing)
    inside.clear()
    inside.update(contents)


def _refuse_unusual(tape: Tape) -> None:
    """Raise `NotRecordable` where a builder may do something else than usual, or somebody looks how."""
    if connection.execute_wrappers != [tape.watch]:
        raise NotRecordable("another thread, or other wrappers of the connection")
    if connection.queries_logged:
        raise NotRecordable("queries are counted")
    if not connection.in_atomic_block:
        raise NotRecordable("commits")
    # What pytest's fixture has patched so far lies in its attributes; it has no other way to ask.
    if tape.patches is not None and any(vars(tape.patches).values()):
        raise NotRecordable("something is patched")


def _surroundings() -> tuple[Hashable, ...]:
    """What a builder sees beside its arguments and the database."""
    moment: Hashable = time.time_ns()
    if moment != time.time_ns():
        raise NotRecordable("the clock moves by itself")
    if abs(clock.now() - timezone.now()) > datetime.timedelta(seconds=1):  # `clock.as_if`
        moment = (moment, clock.now())
    others = tuple(sorted(_other_settings.items()))
    here = translation.get_language(), timezone.get_current_timezone_name()
    return (moment, here, others, tuple(_same_patches))


def _note_setting(*, setting: str, value: object, **_given: object) -> None:
    """Remember a setting that a test overrides, until it is as usual again."""
    if (told := repr(value)) == _usual_settings.get(setting):
        _other_settings.pop(setting, None)
    else:
        _other_settings[setting] = told


_usual_settings.update({name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()})
setting_changed.connect(_note_setting, dispatch_uid="tests.recording")


@contextmanager
def same_patch(name: str, owner: object, attribute: str, value: object) -> Iterator[None]:
    """Patch for a fixture that does the same in every test that asks for it. Builders are replayed under it,
    with `name` as a part of what they see; under `monkeypatch` they run for real."""
    with mock.patch.object(owner, attribute, value):
        _same_patches.append(name)
        try:
            yield
        finally:
            _same_patches.remove(name)


def _count(what: str, builder: Callable[..., Any], reason: str = "") -> None:
    figures[what] += 1
    if _tapes[-1].is_noting:
        figures[what + " inner"] += 1
        reason += "inner"
    if MODE == "report":
        reasons[f"{what}: {builder.__module__}.{builder.__qualname__} {reason}"] += 1


# --- fixtures and hooks, for tests/conftest.py --------------------------------------------------------------


@pytest.fixture(autouse=True)
def recordings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Follow what the test writes, so that its builders can be replayed."""
    if _commits(request.node):  # what the next tests find is another database
        _recordings.clear()
        yield
    elif MODE == "off" or connection.vendor != "sqlite" or not _has_database(request.node):
        yield
    else:
        with followed():
            yield


@contextmanager
def followed() -> Iterator[Tape]:
    """Follow what is written inside, on a clock and with random values that are the same each time."""
    tape = Tape()
    with repeatable(tape) as tape.clock, connection.execute_wrapper(tape.watch):
        _tapes.append(tape)
        try:
            yield tape
        finally:
            _tapes.remove(tape)


@pytest.fixture
def monkeypatch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """pytest's own. Builders run for real once it has patched something."""
    for tape in _tapes:
        tape.patches = monkeypatch
    return monkeypatch


def _has_database(item: Any) -> bool:
    return "db" in item.fixturenames or item.get_closest_marker("django_db") is not None


def _commits(item: Any) -> bool:
    marks = item.iter_markers("django_db")
    return "transactional_db" in item.fixturenames or any(mark.kwargs.get("transaction") for mark in marks)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many calls of builders were replayed."""
    if MODE == "report":
        terminalreporter.section("recordings")
        terminalreporter.line(", ".join(f"{name}: {count}" for name, count in figures.items()))
        for reason, count in reasons.most_common(40):
            terminalreporter.line(f"{count:6} {reason}")
