"""What changed since a report was frozen: corrected and withdrawn figures, and sums that are other now.

The figures of the same days are counted again, as everybody outside reads them. What has no day of its own is
left out: it grows every day. What an organisation said whose name is withheld is not repeated.
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import Any

from django.db.models import QuerySet

from coalition.accounts.models import Listing
from coalition.campaigns.impact.computed import BY_CODE
from coalition.campaigns.impact.content import content_of, read_content
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.impact.models import Contribution, Figure, Report
from coalition.campaigns.impact.statement import Scope, statement_of
from coalition.core.localized_text import LocalizedText

type FigureId = tuple[str, str, str]  # code, UUID of the measure, proof


class LaterKind(Enum):
    """What became of a figure or a change since a report was frozen."""

    CORRECTED = auto()
    ADDED = auto()
    REMOVED = auto()

    @classmethod
    def of(cls, before: Any, after: Any) -> "LaterKind":
        if before is None:
            return cls.ADDED
        return cls.REMOVED if after is None else cls.CORRECTED


@dataclass(frozen=True)
class LaterChange:
    """A figure or a change that is another one now. `before`, `after`: totals of a figure, None where it was
    not there or is not any more; equal where only its lines or their words were corrected; both None for a
    change that is described in words."""

    label: str
    kind: LaterKind
    before: int | None = None
    after: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Correction[R: (Figure, Contribution)]:
    """A line with revisions since. `before`, `after`: the one that counted in the report's scope when it was
    frozen, and the one that counts now. `notes`: what those wrote who corrected it, if all may read it."""

    newest: R
    before: R | None
    after: R | None
    notes: tuple[str, ...]


def later_changes(report: Report) -> list[LaterChange]:
    """Return figures that are another number now, or were corrected with the same total, and changes that
    were corrected, withdrawn or added, with the notes of the corrections. Eight queries."""
    frozen = read_content(report.content)
    scope = Scope(report.workspace, report.organisation, report.grant, report.since, report.until)
    text, numbers = content_of(statement_of(scope), report.uuid)
    current = json.loads(text)
    public_then = {
        row.number: row.organisation_id
        for row in report.organisations.filter(organisation__listing=Listing.PUBLIC)
    }
    public_now = {number: organisation for organisation, number in numbers.items()}
    notes = _notes_of_figures(report, scope)
    before, after = _figures(frozen), _figures(current)
    found = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        totals = _total(old), _total(new)
        is_other = old is None or new is None or _lines_differ(old, new, public_then, public_now)
        if is_other or totals[0] != totals[1] or key in notes:
            label, kind = _label(new or before[key]), LaterKind.of(old, new)
            found.append(LaterChange(label, kind, *totals, notes=tuple(notes.get(key, ()))))
    return found + _changes_in_words(report, scope, {one["line"] for one in frozen["changes"]})


def _figures(content: Mapping[str, Any]) -> dict[FigureId, Mapping[str, Any]]:
    """Return the figures of a content; those without a day of their own are left out."""
    return {
        (one.get("code", ""), one.get("measure", ""), one["proof"]): one
        for one in content["figures"]
        if "code" not in one or one["code"] not in BY_CODE or BY_CODE[one["code"]].day is not None
    }


def _total(figure: Mapping[str, Any] | None) -> int | None:
    return None if figure is None else int(figure["total"])


def _lines_differ(
    old: Mapping[str, Any], new: Mapping[str, Any], then: Mapping[int, int], now: Mapping[int, int]
) -> bool:
    """Whether an organisation that was named has another value now. `then`, `now`: organisations that are
    named in public, by their number in the content."""
    before, after = (
        {
            numbers[one["organisation"]]: one["value"]
            for one in figure["lines"]
            if one["organisation"] in numbers
        }
        for figure, numbers in ((old, then), (new, now))
    )
    return any(after.get(organisation, 0) != value for organisation, value in before.items())


def _label(figure: Mapping[str, Any]) -> str:
    if "code" in figure:
        known = BY_CODE.get(figure["code"])
        return str(known.label) if known is not None else str(figure["code"])
    return str(LocalizedText(figure["words"]))


def _notes_of_figures(report: Report, scope: Scope) -> dict[FigureId, list[str]]:
    """Return the notes by figure, also an empty list where a figure was corrected without one that all may
    read. One query."""
    rows = Figure.objects.filter(measure__workspace=report.workspace).select_related("measure")
    found: dict[FigureId, list[str]] = {}
    for one in _corrections(rows, scope, report.frozen_at, day="as_of"):
        figures = {_id_of(row) for row in (one.before, one.after) if row is not None}
        for figure in figures:
            found.setdefault(figure, []).extend(one.notes)
    return found


def _id_of(row: Figure) -> FigureId:
    return "", str(row.measure.uuid), row.proof if row.measure.rung == Rung.REACH else ""


def _changes_in_words(report: Report, scope: Scope, frozen: set[str]) -> list[LaterChange]:
    """Return changes that were corrected, withdrawn or added since. `frozen`: their lines in the report. One
    query."""
    rows = Contribution.objects.filter(workspace=report.workspace)
    found = []
    for one in _corrections(rows, scope, report.frozen_at, day="on"):
        before = one.before if str(one.newest.line) in frozen else None
        shown = one.after or before
        if shown is not None and one.newest.organisation.listing == Listing.PUBLIC:
            kind = LaterKind.of(before, one.after)
            found.append(LaterChange(str(shown.change), kind, notes=one.notes))
    return found


def _corrections[R: (Figure, Contribution)](
    rows: QuerySet[R], scope: Scope, frozen_at: datetime.datetime, *, day: str
) -> Iterator[_Correction[R]]:
    """Yield the lines among the rows that were in the scope, or are in it, and have revisions since. What was
    said while a line belonged to another grant is not for the readers of this one. One query."""
    lines = rows.filter(recorded_at__gt=frozen_at).order_by().values("line")
    revisions = rows.filter(line__in=lines).select_related("organisation").order_by("line", "number")
    for _line, group in groupby(revisions, key=lambda row: row.line):
        line = list(group)
        then = [row for row in line if row.recorded_at <= frozen_at]
        before = then[-1] if then and _counts(then[-1], scope, day) else None
        after = line[-1] if _counts(line[-1], scope, day) else None
        if before is not None or after is not None:
            yield _Correction(line[-1], before, after, tuple(_notes(line, scope, frozen_at)))


def _counts(row: Figure | Contribution, scope: Scope, day: str) -> bool:
    return not row.is_withdrawn and scope.includes(row, day=day)


def _notes[R: (Figure, Contribution)](
    line: list[R], scope: Scope, frozen_at: datetime.datetime
) -> Iterator[str]:
    """Yield the notes since of a line's revisions, whose predecessor belonged to the grant of the scope."""
    for previous, row in pairwise(line):
        belonged = scope.grant is None or previous.grant_id == scope.grant.pk
        is_public = row.organisation.listing == Listing.PUBLIC
        if row.recorded_at > frozen_at and belonged and is_public and row.note:
            yield row.note
