"""Where the number of each column comes from.

A capability above registers the source of a column. The subject is an appeal's UUID: letters, postcards and
tables belong to an appeal.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coalition.audit.log import ActionLabel
from coalition.campaigns.counters.enums import Column

# What shows a number may be kept in front of us for so long: a number is counted within 5 s by a job, so that
# no more than 10 s lie between a support and the page that shows it.
CACHE_SECONDS: Final = 5


@dataclass(frozen=True)
class Count:
    """`value`: None where nothing has begun. `as_of`: the moment, or the day for what was typed in. `method`:
    how these were counted, in place of the words of the source; "" if those say it."""

    value: int | None = None
    as_of: datetime.datetime | datetime.date | None = None
    method: str = ""


@dataclass(frozen=True)
class ColumnSource:
    """`method`: a sentence that says how it is counted. `count(subject)`: one query at most."""

    column: Column
    method: ActionLabel
    count: Callable[[UUID], Count]


@dataclass(frozen=True)
class ColumnCount:
    """One column as it is shown. `method`: "" where nobody counts it yet."""

    column: Column
    method: str
    count: Count


_sources: dict[Column, ColumnSource] = {}


def register_column(source: ColumnSource) -> None:
    """Say where a column comes from. Call from `Capability.connect`."""
    _sources[source.column] = source


def counts_of(subject: UUID) -> list[ColumnCount]:
    """Return all five columns in their order; one without a source has no number. They are never added up."""
    return [column_count(column, subject) for column in Column]


def column_count(column: Column, subject: UUID) -> ColumnCount:
    """Return one column; without a source it has no number. Its words are in the active language."""
    source = _sources.get(column)
    if source is None:
        return ColumnCount(column, "", Count())
    count = source.count(subject)
    return ColumnCount(column, count.method or str(source.method), count)
