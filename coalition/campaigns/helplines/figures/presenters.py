"""Figures as people read them: tables of what is published or would be, and the months at the desk."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import REGIONS
from coalition.campaigns.core.suppression import PublishedCell
from coalition.campaigns.helplines.content import language_names
from coalition.campaigns.helplines.figures.months import (
    month_key,
    month_of,
    month_words,
    period_words,
    quarter_key,
)
from coalition.campaigns.helplines.figures.queries import LEVELS, cells_of
from coalition.campaigns.helplines.models import FigureLine
from coalition.core.localized_text import LocalizedText


@dataclass(frozen=True)
class FigureRow:
    """One number of the table, with what it is of, in words."""

    month: str
    region: str
    language: str
    contacts: int


@dataclass(frozen=True)
class FigureTable:
    """What is published of one line. Its rows add up to `total`. `name`: that of the register, in `language`;
    `period`: which months are in it."""

    line: FigureLine
    name: str
    language: str
    period: str
    rows: list[FigureRow]
    total: int


def figure_tables(lines: Iterable[FigureLine], names: Mapping[int, LocalizedText]) -> list[FigureTable]:
    """Return a table for each line; its months must be prefetched. `names`: as `published_names` and
    `public_names` return them."""
    return [_table(line, names.get(line.helpline_id)) for line in lines]


def _table(line: FigureLine, name: LocalizedText | None) -> FigureTable:
    cells = cells_of(line)
    months = sorted(one.month for one in line.months.all())
    return FigureTable(
        line=line,
        name=str(name) if name is not None else _("A line that is not published"),
        language=name.language_shown() if name is not None else "",
        period=_months_in_words(months),
        rows=[_row(cell, months) for cell in cells if cell.is_leaf],
        total=cells[0].count,
    )


def _row(cell: PublishedCell, months: list[datetime.date]) -> FigureRow:
    keys = dict(zip(LEVELS, cell.path, strict=False))
    together = cell.pooled if cell.level else ()
    month = _("All months")
    if "month" in keys:
        month = month_words(month_of(keys["month"]))
    elif cell.level == "month" and together:
        month = _together(month_words(month_of(key)) for key in together)
    elif "quarter" in keys:
        month = _quarter(keys["quarter"], months)
    elif cell.level == "quarter" and together:
        month = _together(_quarter(key, months) for key in together)
    return FigureRow(
        month,
        _part("region", cell, keys.get("region"), _("All regions")),
        _part("language", cell, keys.get("language"), _("All languages")),
        cell.count,
    )


def _quarter(key: str, months: list[datetime.date]) -> str:
    """Return the months of a quarter that are in the table."""
    return _months_in_words([month for month in months if quarter_key(month) == key])


def _part(level: str, cell: PublishedCell, key: str | None, everything: str) -> str:
    name = _region if level == "region" else _language
    if key is not None:
        return name(key)
    if cell.level == level and cell.pooled:
        return _together(name(key) for key in cell.pooled)
    return everything


def _region(code: str) -> str:
    return str(REGIONS.get(code, code)) if code else _("Region not known")


def _language(code: str) -> str:
    return (", ".join(language_names([code])) or code) if code else _("Another language, or not known")


def _together(names: Iterable[str]) -> str:
    return _("%(names)s: together") % {"names": ", ".join(names)}


def _months_in_words(months: list[datetime.date]) -> str:
    """Return the months of a table; one by one where they do not follow each other."""
    if not months:
        return ""
    span = (months[-1].year - months[0].year) * 12 + months[-1].month - months[0].month + 1
    if span == len(months):
        return period_words(months[0], months[-1])
    return ", ".join(month_words(month) for month in months)


def csv_heads() -> list[str]:
    """Return the heads of the table as a file."""
    return [_("Line"), _("Months"), _("Month"), _("Region"), _("Language"), _("Contacts")]


def csv_rows(tables: Iterable[FigureTable]) -> Iterator[list[str]]:
    """Yield the rows of the table as a file: numbers that add up, no totals."""
    for table in tables:
        for row in table.rows:
            yield [table.name, table.period, row.month, row.region, row.language, str(row.contacts)]


@dataclass(frozen=True)
class EnteredMonth:
    """A month of a line at the desk. `total`: None where nothing is entered."""

    key: str
    words: str
    total: int | None


def entered_months(months: Iterable[datetime.date], totals: dict[datetime.date, int]) -> list[EnteredMonth]:
    """Return the months with what was entered."""
    return [EnteredMonth(month_key(month), month_words(month), totals.get(month)) for month in months]
