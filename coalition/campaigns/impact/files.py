"""Figures as a table for spreadsheets and as a PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.impact.presenters import (
    ShownChange,
    ShownDetail,
    ShownFigure,
    ShownLaterChange,
    ShownLine,
    ShownRung,
)
from coalition.http.responses import pdf_response
from events.spreadsheets.columns import csv_response

TEMPLATE: Final = Path(__file__).with_name("report.typ")


@dataclass(frozen=True)
class FileHead:
    """What stands above the figures. `name`: of the file, without its ending, neutral. `sha256`: of a frozen
    report. `below`: further lines."""

    name: str
    title: str
    scope: str
    below: Sequence[str] = ()
    sha256: str = ""


def figures_csv(
    head: FileHead, rungs: Sequence[ShownRung], changes: Sequence[ShownLaterChange] = ()
) -> HttpResponse:
    """Return the table. Of each figure one row is its total, and the others add up to it. Of a frozen report
    the last rows are its hash and `changes`, what changed since: the number now and the number before."""
    heads = [
        _("Row"),
        _("Rung"),
        _("Figure"),
        _("Organisation"),
        _("Number"),
        _("Unit"),
        _("How sure"),
        _("Where and for whom"),
        _("Source"),
        _("How it was counted"),
        _("As of"),
        _("Number before"),
        _("Before what"),
        _("Day of the number before"),
        _("Proof"),
        _("What the coalition did for it"),
        _("Who else did something for it"),
        _("Who outside confirms it"),
        _("What was corrected"),
    ]
    rows = [[*row, ""] for one in rungs for row in _rung_rows(head, one)]
    rows += [_later_row(one) for one in changes]
    if head.sha256:
        rows.append([_("hash"), "", _("SHA-256 of the frozen figures"), *[""] * 5, head.sha256, *[""] * 10])
    return csv_response(heads, rows, f"{head.name}.csv")


def figures_pdf(
    head: FileHead, rungs: Sequence[ShownRung], changes: Sequence[ShownLaterChange] | None = None
) -> HttpResponse:
    """Return the PDF. `changes`: since a report was frozen; None if it is none."""
    return pdf_response(
        draw_template(TEMPLATE, pdf_data(head, rungs, changes), format="pdf"), f"{head.name}.pdf"
    )


def pdf_data(
    head: FileHead, rungs: Sequence[ShownRung], changes: Sequence[ShownLaterChange] | None = None
) -> dict[str, Any]:
    """Return what the template reads."""
    return {
        "language": get_language(),
        "title": head.title,
        "scope": head.scope,
        "below": list(head.below),
        "hash_label": _("SHA-256 of the frozen figures"),
        "sha256": head.sha256,
        "rungs_note": _("Each of the four rungs stands for itself: they are never added to one another."),
        "rungs": [_pdf_rung(head, one) for one in rungs],
        "changes_label": _("What changed since it was frozen"),
        "no_changes": _("Nothing changed since."),
        "changes": None if changes is None else [_pdf_change(one) for one in changes],
    }


def _rung_rows(head: FileHead, one: ShownRung) -> Iterator[list[str]]:
    for figure in one.figures:
        yield from _figure_rows(head, one.label, figure)
    for change in one.changes:
        yield _change_row(one.label, change)


def _figure_rows(head: FileHead, rung: str, figure: ShownFigure) -> Iterator[list[str]]:
    ours = _("Counted by this platform")
    begin = [rung, figure.label]
    known = [figure.unit, figure.proof]
    how = [head.scope, ours, figure.method] if figure.is_computed else ["", "", ""]
    as_of = _iso(figure.as_of)
    yield [_("total"), *begin, "", str(figure.total), *known, *how, as_of, *[""] * 7]
    declared = {one.name for one in figure.details}
    for detail in figure.details:
        yield [_("part"), *begin, detail.name, str(detail.value), *known, *_detail_cells(detail)]
    for line in figure.lines:
        if line.kind != "organisation" or line.name not in declared:
            yield [_("part"), *begin, line.name, str(line.value), *known, *how, as_of, *[""] * 7]


def _detail_cells(one: ShownDetail) -> list[str]:
    before = str(one.baseline) if one.baseline is not None else ""
    return [
        one.scope,
        one.source,
        one.method,
        _iso(one.as_of),
        before,
        one.baseline_words,
        _iso(one.baseline_on),
        _evidence(one),
        *[""] * 3,
    ]


def _change_row(rung: str, one: ShownChange) -> list[str]:
    words = [one.contribution, one.others, one.confirmed_by]
    how = [*[""] * 6, _iso(one.on), *[""] * 3]
    return [_("change"), rung, one.change, one.name, *how, _evidence(one), *words]


def _later_row(one: ShownLaterChange) -> list[str]:
    before, after = ("" if total is None else str(total) for total in (one.before, one.after))
    words = " · ".join([one.words, *one.notes])
    return [_("changed since"), "", one.label, "", after, *[""] * 6, before, *[""] * 6, words]


def _evidence(one: ShownDetail | ShownChange) -> str:
    return one.evidence_url or (_("a file") if one.has_file else "")


def _iso(day: Any) -> str:
    return day.isoformat() if day is not None else ""


def _pdf_rung(head: FileHead, one: ShownRung) -> dict[str, Any]:
    return {
        "label": one.label,
        "figures": [_pdf_figure(head, figure) for figure in one.figures],
        "stories": [_pdf_story(change) for change in one.changes],
    }


def _pdf_figure(head: FileHead, one: ShownFigure) -> dict[str, Any]:
    label = f"{one.label}, {one.proof}" if one.proof else one.label
    how = ""
    if one.is_computed:
        how = f"{head.scope}. {_('Counted by this platform')}. {one.method}"
    return {
        "label": label,
        "total": number_in_words(one.total),
        "unit": one.unit,
        "how": how,
        "as_of": _("as of %(day)s") % {"day": date_format(one.as_of)} if one.as_of is not None else "",
        "lines": [_pdf_line(line) for line in one.lines],
        "details": [_pdf_detail(detail) for detail in one.details],
    }


def _pdf_line(one: ShownLine) -> list[Any]:
    return [one.name, one.width, number_in_words(one.value)]


def _pdf_detail(one: ShownDetail) -> str:
    parts = [
        f"{one.name}: {number_in_words(one.value)}",
        one.scope,
        one.source,
        one.method,
        _("as of %(day)s") % {"day": date_format(one.as_of)},
        one.before,
        _evidence(one),
    ]
    return " · ".join(filter(None, parts))


def _pdf_story(one: ShownChange) -> dict[str, Any]:
    return {
        "head": f"{date_format(one.on)} · {one.name}",
        "change": one.change,
        "parts": [
            [_("What the coalition did for it"), one.contribution],
            [_("Who else did something for it"), one.others],
            [_("Who outside confirms it"), one.confirmed_by],
        ],
        "evidence": _evidence(one),
    }


def _pdf_change(one: ShownLaterChange) -> dict[str, Any]:
    return {"label": one.label, "words": one.words, "notes": list(one.notes)}
