"""What the desk shows of paper sheets."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.appeals.versions import versions_with_texts
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import SheetRun
from coalition.campaigns.in_person.sheets.queries import SheetStock, sheets_for
from coalition.core.localized_text import content_languages
from coalition.workspaces.permissions import Access


def appeal_titles(appeals: Iterable[Appeal]) -> dict[int, str]:
    """Return the public titles of the newest words by primary key. Four queries."""
    found = {appeal.pk: appeal.slug for appeal in appeals}
    newest: dict[int, AppealVersion] = {}
    for version in versions_with_texts(found):
        newest.setdefault(version.appeal_id, version)
    return found | {pk: version.publication.title for pk, version in newest.items()}


@dataclass(frozen=True)
class StateNumbers:
    """How many sheets are in a state, and which. `badge`: its colour, `icon`: its picture."""

    label: str
    count: int
    numbers: str
    badge: str
    icon: str


@dataclass(frozen=True)
class StockRow:
    """An organisation's sheets of one appeal."""

    title: str
    organisation: str
    states: list[StateNumbers]


def stock_rows(stocks: Iterable[SheetStock], titles: dict[int, str], viewer: Viewer) -> list[StockRow]:
    """Return the rows of the list; states without a sheet are left out. No query of its own."""
    found = []
    for stock in stocks:
        parts = (
            (str(SheetState.PRINTED.label), stock.handed_out, "", "file"),
            (_("Returned, not counted"), stock.to_count, "wait", "clock"),
            (_("In a count"), stock.counted, "yes", "check"),
            (str(SheetState.LOST.label), stock.lost, "no", "x"),
            (str(SheetState.VOID.label), stock.void, "", "minus"),
        )
        states = [
            StateNumbers(label, len(numbers), number_ranges(numbers), badge, icon)
            for label, numbers, badge, icon in parts
            if numbers
        ]
        found.append(
            StockRow(titles.get(stock.appeal, ""), display_name_for(viewer, stock.organisation), states)
        )
    return found


@dataclass(frozen=True)
class RunRow:
    """One run in the list."""

    run: SheetRun
    numbers: str
    organisation: str
    region: str
    language: str
    url: str


def run_rows(runs: Iterable[SheetRun], access: Access, viewer: Viewer) -> list[RunRow]:
    """Return the runs of `runs_for`. No query of its own."""
    languages = dict(content_languages())
    return [
        RunRow(
            run,
            number_ranges(range(run.first_number, run.last_number + 1)),
            display_name_for(viewer, run.organisation),
            str(REGIONS.get(run.region, run.region)),
            languages.get(run.language, run.language),
            reverse("campaigns:sheet_run_pdf", args=[access.workspace.uuid, run.uuid]),
        )
        for run in runs
    ]


def sheets_summary(access: Access) -> Summary:
    """Return the section's line on the page "Campaign". One query."""
    rows = list(sheets_for(access).values_list("state", "tally_id"))
    if not rows:
        return Summary(
            _("No sheets are printed yet."),
            next_step=_("Print some: each has a number, the text of the appeal and your code."),
        )
    out = sum(state == SheetState.PRINTED for state, _tally in rows)
    to_count = sum(state == SheetState.RETURNED and tally is None for state, tally in rows)
    text = ngettext("%(count)s sheet is handed out", "%(count)s sheets are handed out", out) % {"count": out}
    waits = _("%(count)s returned and not counted") % {"count": to_count}
    return Summary(f"{text}, {waits}.", needs_attention=bool(to_count))
