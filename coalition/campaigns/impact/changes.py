"""What changed since a report was frozen: corrected and withdrawn figures, and sums that are other now.

The figures of the same days are counted again, as everybody outside reads them. What has no day of its own is
left out: it grows every day. What an organisation said whose name is withheld is not repeated.
"""

import json
from collections.abc import Mapping
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
    """A total that is another one now; None where the figure was not there, or is not any more."""

    label: str
    before: int | None
    after: int | None
    notes: tuple[str, ...] = ()


def later_changes(report: Report) -> list[LaterChange]:
    """Return what is another number now, and which changes are worded differently, with the notes of the
    corrections. Eight queries."""
    frozen = read_content(report.content)
    scope = Scope(report.workspace, report.organisation, report.grant, report.since, report.until)
    text, _numbers = content_of(statement_of(scope), report.uuid)
    current = json.loads(text)
    before, after = _totals(frozen), _totals(current)
    notes = _notes(report)
    found = [
        LaterChange(
            _label(after.get(key) or before[key]),
            _total(before.get(key)),
            _total(after.get(key)),
            notes.get(key[1], ()),
        )
        for key in dict.fromkeys([*before, *after])
        if _total(before.get(key)) != _total(after.get(key))
    ]
    return found + _changes_worded_differently(report, frozen, current)


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


def _notes(report: Report) -> dict[str, tuple[str, ...]]:
    """Return what those wrote who corrected figures since, by measure. One query."""
    rows = Figure.objects.filter(
        measure__workspace=report.workspace,
        organisation__listing=Listing.PUBLIC,
        recorded_at__gt=report.frozen_at,
        number__gt=1,
    )
    found: dict[str, tuple[str, ...]] = {}
    for measure, note in rows.order_by("pk").values_list("measure__uuid", "note"):
        found[str(measure)] = (*found.get(str(measure), ()), note)
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
    notes = {str(line): note for line, note in rows.values_list("line", "note")}
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
