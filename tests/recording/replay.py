"""`@recorded`: run a builder the first time, repeat what it wrote after that."""

import datetime
import functools
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test.signals import setting_changed
from django.utils import timezone, translation

from coalition.core import clock
from tests.recording.arguments import Arguments, NotRecordable
from tests.recording.repeatable import moment
from tests.recording.tape import Act, Tape

MODES = ("on", "off", "report")
MODE = os.environ.get("RECORDINGS", "on")
AT_MOST = 5000  # recordings; the one that was not replayed for longest goes first
FIRST_NUMBER = 1000  # as many digits for all: words sort as numbers do


@dataclass(frozen=True)
class Recording:
    """What one call of a builder did. `steps`: of the clock. `objects`: a pickle of the result and of what
    was changed in the arguments."""

    acts: list[Act]
    steps: int
    on_commit: list[tuple[Callable[[], object], bool]]
    objects: bytes


tapes: list[Tape] = []  # of the running test; empty where all builders run for real
recordings: dict[Hashable, Recording | NotRecordable] = {}
figures: Counter[str] = Counter()
reasons: Counter[str] = Counter()
_numbers = itertools.count(FIRST_NUMBER)
_same_patches: list[str] = []
_usual_settings = {name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()}
_other_settings: dict[str, str] = {}


def recorded[**P, R](builder: Callable[P, R], *, needs_result: bool = False) -> Callable[P, R]:
    """Decorate a builder of test data: a function of its arguments and the database, and of nothing else.

    `needs_result`: never replay a call that returned None.
    Raises `TypeError` for a function inside another that uses its variables: they would be arguments that
    nobody sees.
    """
    if builder.__closure__:
        raise TypeError(f"{builder.__qualname__} uses variables of a function around it: give them to it")

    @functools.wraps(builder)
    def build(*args: P.args, **kwargs: P.kwargs) -> R:
        if not tapes:
            return builder(*args, **kwargs)
        tape, call = tapes[-1], functools.partial(builder, *args, **kwargs)
        try:
            _refuse_unusual(tape)
            given = Arguments((args, kwargs))
            key = (builder, given.name, tape.state, _surroundings())
        except NotRecordable as reason:
            _count("for real", builder, str(reason))
            return call()
        found = recordings.get(key)
        if found is None:
            return _record(tape, key, given, call, needs_result=needs_result)
        recordings[key] = recordings.pop(key)  # the last one now
        if isinstance(found, NotRecordable):
            _count("for real", builder, str(found))
            with tape.within(builder.__qualname__):
                return call()
        _count("replayed", builder)
        return _replay(tape, found, given)

    return build


def number() -> int:
    """Return a number for names in test data, higher than for every row made before in the same test."""
    return FIRST_NUMBER + tapes[-1].steps if tapes else next(_numbers)


@contextmanager
def followed() -> Iterator[Tape]:
    """A test, to builders: inside they are recorded and replayed."""
    tape = Tape()
    with tape.followed():
        tapes.append(tape)
        try:
            yield tape
        finally:
            tapes.remove(tape)


@contextmanager
def beginning() -> Iterator[None]:
    """Stand at the moment at which every test begins: for data that the tests of one file share."""
    if MODE == "off" or connection.vendor != "sqlite":
        yield
        return
    with time_machine.travel(moment(), tick=False):
        yield


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


def _record(
    tape: Tape, key: tuple[Any, ...], given: Arguments, call: Callable[[], Any], *, needs_result: bool
) -> Any:
    builder, acts, effects, steps = key[0], len(tape.acts), len(tape.effects), tape.steps
    callbacks, sent = len(connection.run_on_commit), len(mail.outbox)
    with tape.within(builder.__qualname__):
        result = call()
    if len(mail.outbox) != sent:
        tape.effects.append("sent mail")
    made: Recording | NotRecordable
    try:
        if tape.effects[effects:]:
            raise NotRecordable(tape.effects[-1])
        if len(tape.acts) < acts or len(connection.run_on_commit) < callbacks:
            raise NotRecordable("rolled back what was there before")
        if needs_result and result is None:
            raise NotRecordable("returned nothing")
        waiting = [(function, robust) for _ids, function, robust in connection.run_on_commit[callbacks:]]
        made = Recording(tape.acts[acts:], tape.steps - steps, waiting, given.pickled(result))
        _count("recorded", builder)
    except NotRecordable as reason:
        made = reason
        _count("for real", builder, str(reason))
    if len(recordings) >= AT_MOST:
        del recordings[next(iter(recordings))]
    recordings[key] = made
    return result


def _replay(tape: Tape, recording: Recording, given: Arguments) -> Any:
    steps = tape.steps
    for act in recording.acts:
        act.repeat(tape)
    tape.step(steps + recording.steps - tape.steps)  # there were some acts that it rolled back
    for function, robust in recording.on_commit:
        transaction.on_commit(function, robust=robust)
    return given.loaded(recording.objects)


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
    now: Hashable = time.time_ns()
    if now != time.time_ns():
        raise NotRecordable("the clock moves by itself")
    if abs(clock.now() - timezone.now()) > datetime.timedelta(seconds=1):  # `clock.freeze_clock_at`
        now = (now, clock.now())
    others = tuple(sorted(_other_settings.items()))
    here = translation.get_language(), timezone.get_current_timezone_name()
    return (now, here, others, tuple(_same_patches))


def _note_setting(*, setting: str, value: object, **_given: object) -> None:
    """Remember a setting that a test overrides, until it is as usual again."""
    if (written := repr(value)) == _usual_settings.get(setting):
        _other_settings.pop(setting, None)
    else:
        _other_settings[setting] = written


setting_changed.connect(_note_setting, dispatch_uid="tests.recording")


def _count(what: str, builder: Callable[..., Any], reason: str = "") -> None:
    """For the report. Builders within builders are not counted."""
    if MODE == "report" and tapes[-1].depth == 0:
        figures[what] += 1
        if what != "replayed":
            reasons[f"{what}: {builder.__module__}.{builder.__qualname__} {reason}"] += 1
