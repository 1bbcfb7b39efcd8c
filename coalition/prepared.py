"""Queries that are written out once in a process, for the few pages that crowds ask for.

Django writes the SQL of a query anew each time, which takes three times as long as SQLite takes to answer it.
Here a function makes the query of stand-ins for its values; what Django wrote is kept, and asked with the
values in their places. Nothing that was read is kept.

The function may depend on nothing but its arguments: what else it looks at, a language or a moment, would
stay as it was at the first call. Values are words, whole numbers, moments, UUIDs, None, and lists of these.
"""

import datetime
from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

_ASKED: Final = frozenset({str, UUID, datetime.datetime})  # and every kind of integer
_FIRST: Final = 1_900_000_000  # stand-ins of numbers begin here, and fit a column of 32 bits


@dataclass(frozen=True)
class Place:
    """The value of this name; of a list, the one at this number."""

    name: str
    number: int


@dataclass(frozen=True)
class Open:
    """A place in a query, and how the database's program wants the value wrapped (its kinds of integer)."""

    place: Place
    wrap: Callable[[Any], object] | None


@dataclass
class _Written:
    """A query as Django wrote it."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    told: tuple[Any, ...]

    @cached_property
    def _converters(self) -> Any:
        return self.compiler.get_converters([one[0] for one in self.compiler.select])

    def rows(self, connection: BaseDatabaseWrapper, values: Mapping[str, object]) -> list[Any]:
        given = {name: _many(value) for name, value in values.items()}
        params = tuple(
            [_filled(connection, one, given) if isinstance(one, Open) else one for one in self.told]
        )
        query = copy(self.queryset.query)
        compiler = type(self.compiler)(query, connection, connection.alias)
        # Django asks the compiler to write, and then what it learnt while writing.
        vars(compiler).update(vars(self.compiler))
        vars(compiler)["as_sql"] = lambda *_given, **_named: (self.sql, params)
        vars(compiler)["get_converters"] = lambda _expressions: self._converters
        vars(query)["get_compiler"] = lambda *_given, **_named: compiler
        kind, asked = type(self.queryset), self.queryset
        again = kind(model=asked.model, query=query, using=connection.alias)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            vars(again)[name] = vars(asked)[name]
        return list(again)


class Prepared[Row]:
    """`Prepared(function)(**values)`: the rows of `function(**values)`, as a list.

    Raises `TypeError` for a value of a kind that has no stand-in, `ValueError` if a value does not stand in
    the query as it was given (Django changed it, or it is not asked for)."""

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        # By connection: what was written may hold functions that belong to it.
        self._written: WeakKeyDictionary[Any, dict[Hashable, _Written | None]] = WeakKeyDictionary()

    def __call__(self, **values: object) -> list[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        known = self._written.setdefault(connection, {})
        shape = tuple([(name, _shape(value)) for name, value in values.items()])
        if shape not in known:
            known[shape] = self._write(connection, values)
        written = known[shape]
        return [] if written is None else written.rows(connection, values)

    def first(self, **values: object) -> Row | None:
        """The first of them, None if there is none."""
        return next(iter(self(**values)), None)

    def _write(self, connection: BaseDatabaseWrapper, values: Mapping[str, object]) -> _Written | None:
        numbers = count(_FIRST)
        stand_ins = {name: _stand_in(value, numbers) for name, value in values.items()}
        queryset = self._make(**stand_ins)
        compiler = queryset.query.get_compiler(using=connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = {
            _asked(connection, stand_in): Place(name, number)
            for name, given in stand_ins.items()
            for number, stand_in in enumerate(_many(given))
            if stand_in is not None
        }
        told = tuple([_told(one, places) for one in params])
        lacking = set(places.values()) - {one.place for one in told if isinstance(one, Open)}
        if lacking:
            raise ValueError(f"These values do not stand in the query as given: {lacking}")
        return _Written(queryset, compiler, sql, told)


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _told(param: object, places: Mapping[object, Place]) -> object:
    place = places.get(param) if type(param) in _ASKED or isinstance(param, int) else None
    if place is None:
        return param
    wrapped = isinstance(param, int) and type(param) is not int
    return Open(place, type(param) if wrapped else None)


def _filled(connection: BaseDatabaseWrapper, gap: Open, given: Mapping[str, list[object]]) -> object:
    value = _asked(connection, given[gap.place.name][gap.place.number])
    return gap.wrap(value) if gap.wrap else value


def _shape(value: object) -> Hashable:
    """What decides how the query is written."""
    if isinstance(value, list):
        return tuple(map(_shape, value))
    return type(value).__qualname__


def _stand_in(value: object, numbers: Iterator[int]) -> object:
    """A value of the same kind that nothing else in the query is."""
    number = next(numbers)
    match value:
        case None:
            return None
        case list():
            return [_stand_in(one, numbers) for one in value]
        case str():
            return f"stand-in-{number}"
        case bool():
            pass
        case int():
            return number
        case UUID():
            return UUID(int=number)
        case datetime.datetime():
            return datetime.datetime.fromtimestamp(number, datetime.UTC)
    raise TypeError(f"There is no stand-in for {type(value).__name__}.")


def _asked(connection: BaseDatabaseWrapper, value: object) -> object:
    """The value as the database is asked for it."""
    match value:
        case datetime.datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case UUID() if not connection.features.has_native_uuid_field:
            return value.hex
        case _:
            return value
