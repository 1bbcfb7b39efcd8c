"""Counters in words: for pages, for JSON, for pictures. No number is added to another one."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.campaigns.counters.columns import ColumnCount, counts_of
from coalition.campaigns.counters.enums import Column
from coalition.jobs.date_formats import day_in_words, moment_with_time_zone


@dataclass(frozen=True)
class CounterView:
    """One column in the active language.

    `number`: with its thousands apart, "" where nothing is counted yet; `as_of`: ISO 8601, "" if unknown.
    """

    column: str
    label: str
    count: int | None
    number: str
    as_of: str
    as_of_words: str
    method: str


def counter_views(subject: UUID) -> list[CounterView]:
    """Return the five columns of a subject. One query a column at most."""
    return [counter_view(one) for one in counts_of(subject)]


def counters_as_json(views: list[CounterView]) -> list[dict[str, Any]]:
    """Return what the JSON tells of each column."""
    return [asdict(one) for one in views]


def number_in_words(count: int) -> str:
    """Return a number as the active language writes it: “1 240”, with spaces that do not break."""
    return formats.number_format(count, use_l10n=True, force_grouping=True)


def share_of_goal(views: list[CounterView], goal: int | None) -> int | None:
    """Return how much of the goal those who supported online are, in whole percent up to 100.

    The goal is that of the online column: columns are not added up for it either.
    """
    online = next((one.count for one in views if one.column == Column.ONLINE), None)
    if not goal or online is None:
        return None
    return min(100, online * 100 // goal)


def counter_view(one: ColumnCount) -> CounterView:
    """Return one column in the active language."""
    value, as_of = one.count.value, one.count.as_of
    return CounterView(
        column=one.column.value,
        label=str(one.column.label),
        count=value,
        number="" if value is None else number_in_words(value),
        as_of=as_of.isoformat(timespec="seconds")
        if isinstance(as_of, datetime.datetime)
        else as_of.isoformat()
        if as_of is not None
        else "",
        as_of_words=_as_of_words(as_of) if value is not None else "",
        method=one.method,
    )


def _as_of_words(as_of: datetime.datetime | datetime.date | None) -> str:
    if as_of is None:
        return ""
    when = moment_with_time_zone(as_of) if isinstance(as_of, datetime.datetime) else day_in_words(as_of)
    return _("As of %(when)s") % {"when": when}
