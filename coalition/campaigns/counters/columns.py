"""Where the number of each column comes from.

A capability above registers the source of a column. The subject is an appeal's UUID: letters, postcards and
tables belong to an appeal.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from coalition.audit.words import Words
from coalition.campaigns.counters.enums import Column


@dataclass(frozen=True)
class Count:
    """`value`: None where nothing has begun. `as_of`: the moment, or the day for what was typed in."""

    value: int | None = None
    as_of: datetime.datetime | datetime.date | None = None


@dataclass(frozen=True)
class ColumnSource:
    """`method`: a sentence that says how it is counted. `count(subject)`: one query at most."""

    column: Column
    method: Words
    count: Callable[[UUID], Count]


@dataclass(frozen=True)
class ColumnCount:
    """One column as it is shown."""

    column: Column
    method: str
    count: Count


_sources: dict[Column, ColumnSource] = {}


def register_column(source: ColumnSource) -> None:
    """Say where a column comes from. Call from `Capability.connect`."""
    _sources[source.column] = source


def counts_of(subject: UUID) -> list[ColumnCount]:
    """Return the columns that have a source, in their order. They are never added up."""
    return [
        ColumnCount(column, str(_sources[column].method), _sources[column].count(subject))
        for column in Column
        if column in _sources
    ]
