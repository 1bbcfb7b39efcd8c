"""What changed since a report was frozen: corrected and withdrawn figures, and sums that are other now.

The figures of the same days are counted again, as everybody outside reads them. What has no day of its own is
left out: it grows every day. What an organisation said whose name is withheld is not repeated.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from coalition.accounts.models import Listing
from coalition.campaigns.impact.computed import BY_CODE
from coalition.campaigns.impact.content import content_of, read_content
from coalition.campaigns.impact.models import Contribution, Figure, Report
from coalition.campaigns.impact.statement import Scope, statement_of
from coalition.core.localized_text import LocalizedText


@dataclass(frozen=True)
class LaterChange:
    """A figure that is another one now. `before`, `after`: its totals, None where it was not there, or is not
    any more; they are equal where only its lines or their words were corrected."""

    label: str
    before: int | None
    after: int | None
    notes: tuple[str, ...] = ()


def later_changes(report: Report) -> list[LaterChange]:
    """Return figures that are another number now, or were corrected with the same total, and changes that are
    worded differently, with the notes of the corrections. Ten queries."""
    frozen = read_content(report.content)
    scope = Scope(report.workspace, report.organisation, report.grant, report.since, report.until)
    text, numbers = content_of(statement_of(scope), report.uuid)
    current = json.loads(text)
    then = {
        row.number: row.organisation_id
        for row in report.organisations.filter(organisation__listing=Listing.PUBLIC)
    }
    now = {number: organisation for organisation, number in numbers.items()}
    before, after = _totals(frozen), _totals(current)
    moved = {key: _moved_lines(before.get(key), after.get(key), then) for key in {*before, *after}}
    notes = _notes(report, {line for lines in moved.values() for line in lines})
    return [
        LaterChange(
            _label(after.get(key) or before[key]),
            _total(before.get(key)),
            _total(after.get(key)),
            tuple(note for line in moved[key] for note in notes.get(line, ())),
        )
        for key in dict.fromkeys([*before, *after])
        if _total(before.get(key)) != _total(after.get(key))
        or moved[key]
        or _shares(before[key], then) != _shares(after[key], now, set(_shares(before[key], then)))
    ] + _changes_worded_differently(report, frozen, current)


def _moved_lines(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, then: Mapping[int, int]
) -> list[str]:
    """Return the lines whose frozen revision does not count any more. `then`: organisations that are still
    named in public; what others declared is in the totals alone."""
    frozen = before["details"] if before is not None else []
    counting = {one["line"]: one["revision"] for one in (after["details"] if after is not None else [])}
    moved = [
        one["line"]
        for one in frozen
        if one["organisation"] in then and counting.get(one["line"]) != one["revision"]
    ]
    known = {one["line"] for one in frozen}
    if before is not None and _total(before) == _total(after) and not moved:
        return []
    return moved + [line for line in counting if line not in known]


def _shares(
    figure: Mapping[str, Any], organisations: Mapping[int, int], only: Collection[int] | None = None
) -> dict[int, int]:
    """Return the value of each organisation, by primary key. `only`: of these."""
    found = {
        organisations[one["organisation"]]: one["value"]
        for one in figure["lines"]
        if one["organisation"] in organisations
    }
    return found if only is None else {key: found.get(key, 0) for key in only}


def _totals(content: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """Return figures by code, measure and proof; those without a day of their own are left out."""
    return {
        (one.get("code", ""), one.get("measure", ""), one["proof"]): one
        for one in content["figures"]
        if "code" not in one or one["code"] not in BY_CODE or BY_CODE[one["code"]].day is not None
    }


def _total(figure: Mapping[str, Any] | None) -> int | None:
    return None if figure is None else int(figure["total"])


def _label(figure: Mapping[str, Any]) -> str:
    if "code" in figure:
        known = BY_CODE.get(figure["code"])
        return str(known.label) if known is not None else str(figure["code"])
    return str(LocalizedText(figure["words"]))


def _notes(report: Report, lines: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what those wrote who corrected these lines since, by line. What was said while the line
    belonged to another grant is not for the readers of this one. One query."""
    rows = Figure.objects.filter(
        measure__workspace=report.workspace, line__in=lines, organisation__listing=Listing.PUBLIC
    )
    found: dict[str, tuple[str, ...]] = {}
    was_ours: dict[str, bool] = {}
    for row in rows.order_by("line", "number"):
        line = str(row.line)
        is_ours = report.grant_id is None or row.grant_id == report.grant_id
        if row.number > 1 and row.recorded_at > report.frozen_at and was_ours.get(line):
            found[line] = (*found.get(line, ()), row.note)
        was_ours[line] = is_ours
    return found


def _changes_worded_differently(
    report: Report, frozen: Mapping[str, Any], current: Mapping[str, Any]
) -> list[LaterChange]:
    """Return changes that were corrected, withdrawn or added since. Two queries."""
    then, now = ({one["line"]: one for one in content["changes"]} for content in (frozen, current))
    moved = [
        line
        for line in dict.fromkeys([*then, *now])
        if line not in then or line not in now or then[line]["revision"] != now[line]["revision"]
    ]
    if not moved:
        return []
    rows = Contribution.objects.filter(
        line__in=moved, workspace=report.workspace, replaced_at=None, organisation__listing=Listing.PUBLIC
    )
    notes = {
        str(row.line): row.note if report.grant_id in {None, row.grant_id} else ""
        for row in rows.only("line", "note", "grant")
    }
    return [
        LaterChange(
            str(LocalizedText((then.get(line) or now[line])["change"])),
            None,
            None,
            (notes[line],) if notes[line] else (),
        )
        for line in moved
        if line in notes
    ]
