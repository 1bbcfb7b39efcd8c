"""The arguments of a call of a builder: how to find them again, and how to change others as it did."""

import dataclasses
import datetime
import enum
import inspect
import io
import operator
import pickle
from collections.abc import Callable, Hashable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DJANGO_VERSION_PICKLE_KEY
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fetch_modes import FetchMode
from django.db.models.fields.files import FieldFile
from wagtail.blocks import StreamValue

from coalition.core.localized_text import LocalizedText

PLAIN = (str, int, float, Decimal, bytes, UUID, enum.Enum, FetchMode)
PLAIN += (datetime.date, datetime.time, datetime.timedelta)
VALUE_OF: dict[type, Callable[[Any], Hashable]] = {
    FieldFile: lambda file: file.name,
    LocalizedText: lambda text: tuple(text.items()),
    StreamValue: lambda stream: repr(stream.get_prep_value()),
}


class NotRecordable(Exception):
    """Why a call runs for real, or why what it did cannot be replayed."""


class Arguments:
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
        """Return its type and all values in it: equal names stand for arguments that are alike."""
        if isinstance(thing, datetime.datetime):
            return (type(thing), thing.isoformat(), str(thing.tzinfo), thing.fold)
        if thing is None or isinstance(thing, PLAIN):
            return (type(thing), thing)  # True == 1 == 1.0, and "en" == Language.EN
        if isinstance(thing, tuple):
            return (tuple, *map(self._name, thing))
        if isinstance(thing, frozenset):
            return (frozenset, frozenset(map(self._name, thing)))
        for kind, value_of in VALUE_OF.items():
            if isinstance(thing, kind):
                return (kind, value_of(thing))
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
            yield frozenset(map(self._name, contents))
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
