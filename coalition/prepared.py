"""Compiled SQL of a query, cached per process, for the few most requested public pages.

Django compiles the SQL of a query each time, which takes three times as long as SQLite takes to answer it.
Here a function makes the query of placeholders for its values; the compiled SQL is cached, and run with the
values in their places. No results are cached.

The function may depend on nothing but its arguments: what else it looks at, a language or a moment, would
stay as it was at the first call. Values are words, whole numbers, moments, days, UUIDs, None, and lists of
these.
"""

import datetime
from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
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

_KINDS: Final = frozenset({str, UUID, datetime.datetime, datetime.date})  # and every kind of integer
_FIRST: Final = 1_900_000_000  # placeholders of numbers begin here, and fit a column of 32 bits


@dataclass(frozen=True)
class Open:
    """A parameter left open: the value of this name, of a list the one at this number; and how the
    database's program wants it wrapped (its kinds of integer)."""

    name: str
    number: int
    wrap: Callable[[Any], object] | None = None


@dataclass
class _Written:
    """A query as Django wrote it."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]

    @cached_property
    def _converters(self) -> Any:
        return self.compiler.get_converters([one[0] for one in self.compiler.select])

    def rows(self, connection: BaseDatabaseWrapper, values: Mapping[str, object]) -> list[Any]:
        lists = {name: _as_list(value) for name, value in values.items()}
        params = list(self.params)
        for at, one in enumerate(params):
            if isinstance(one, Open):
                value = _adapted(connection, lists[one.name][one.number])
                params[at] = one.wrap(value) if one.wrap else value
        query = copy(self.queryset.query)
        compiler = type(self.compiler)(query, connection, connection.alias)
        # Django asks the compiler to write, and then what it learnt while writing.
        vars(compiler).update(vars(self.compiler))
        vars(compiler)["as_sql"] = lambda *_given, **_named: (self.sql, tuple(params))
        vars(compiler)["get_converters"] = lambda _expressions: self._converters
        vars(query)["get_compiler"] = lambda *_given, **_named: compiler
        kind, asked = type(self.queryset), self.queryset
        again = kind(model=asked.model, query=query, using=connection.alias)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_fetch_mode"):
            vars(again)[name] = vars(asked)[name]
        return list(again)


class Prepared[Row]:
    """`Prepared(function)(**values)`: the rows of `function(**values)`, as a list.

    Raises `TypeError` for a value of a kind that has no placeholder, `ValueError` if a value is not in the
    query as it was given (Django changed it, or it is not asked for)."""

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
        placeholders = {name: _placeholder(value, numbers) for name, value in values.items()}
        queryset = self._make(**placeholders)
        compiler = queryset.query.get_compiler(using=connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = {
            _adapted(connection, placeholder): Open(name, number)
            for name, lists in placeholders.items()
            for number, placeholder in enumerate(_as_list(lists))
            if placeholder is not None
        }
        filled = tuple([_fill_in(one, places) for one in params])
        lacking = set(places.values()) - {replace(one, wrap=None) for one in filled if isinstance(one, Open)}
        if lacking:
            raise ValueError(f"These values do not stand in the query as given: {lacking}")
        return _Written(queryset, compiler, sql, filled)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _fill_in(param: object, places: Mapping[object, Open]) -> object:
    place = places.get(param) if type(param) in _KINDS or isinstance(param, int) else None
    if place is None or not isinstance(param, int) or type(param) is int:
        return param if place is None else place
    return replace(place, wrap=type(param))


def _shape(value: object) -> Hashable:
    """What decides how the query is written."""
    if isinstance(value, list):
        return tuple(map(_shape, value))
    return type(value).__qualname__


def _placeholder(value: object, numbers: Iterator[int]) -> object:
    """A value of the same kind that nothing else in the query is."""
    number = next(numbers)
    match value:
        case None:
            return None
        case list():
            return [_placeholder(one, numbers) for one in value]
        case str():
            return f"placeholder-{number}"
        case bool():
            pass
        case int():
            return number
        case UUID():
            return UUID(int=number)
        case datetime.datetime():
            return datetime.datetime.fromtimestamp(number, datetime.UTC)
        case datetime.date():
            return datetime.date.min + datetime.timedelta(days=number - _FIRST)
    raise TypeError(f"There is no placeholder for {type(value).__name__}.")


def _adapted(connection: BaseDatabaseWrapper, value: object) -> object:
    """The value as the database is asked for it."""
    match value:
        case datetime.datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case datetime.date():
            return connection.ops.adapt_datefield_value(value)
        case UUID() if not connection.features.has_native_uuid_field:
            return value.hex
        case _:
            return value
