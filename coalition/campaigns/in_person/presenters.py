"""What the desk shows of tables, and the section's line on the page "Campaign"."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.in_person.counting.queries import settled_tables
from coalition.campaigns.in_person.enums import TableState
from coalition.campaigns.in_person.models import Table, TableGuidance
from coalition.campaigns.in_person.queries import table_totals, tables_for
from coalition.campaigns.in_person.readiness import FilledInAt, missing_for
from coalition.core.clock import now
from coalition.workspaces.permissions import Access


@dataclass(frozen=True)
class MissingRow:
    """Something missing, and the address at which it is filled in, "" if the person may not."""

    words: str
    url: str


@dataclass(frozen=True)
class TableRow:
    """One table at the desk. `needs_closing`: it is open, and its day is past.

    `taps`, `late`: None until the table's count is settled, so that the second person counts without them.
    """

    table: Table
    state: TableState
    mark: OrganisationMark
    region: str
    codes: int
    taps: int | None
    late: int | None
    missing: list[MissingRow] = field(default_factory=list)
    needs_closing: bool = False


@dataclass(frozen=True)
class TableDay:
    """The tables of one day. `is_today`: local date of the site."""

    day: datetime.date
    is_today: bool
    rows: list[TableRow]


def table_rows(
    tables: Iterable[Table],
    viewer: Viewer,
    guidance: TableGuidance | None,
    *,
    may_change: bool,
    may_write_guidance: bool,
) -> list[TableRow]:
    """Return the rows of tables of one workspace, whose guidance is given. Two queries."""
    found, today = list(tables), localdate(now())
    totals = table_totals([one.pk for one in found])
    settled = settled_tables([one.pk for one in found])
    rows = []
    for one in found:
        state = one.state_on(today)
        missing = missing_for(one, guidance) if state == TableState.PREPARED else []
        links = {
            FilledInAt.TABLE: reverse("campaigns:table_settings", args=[one.uuid]) if may_change else "",
            FilledInAt.GUIDANCE: reverse("campaigns:table_guidance", args=[one.workspace.uuid])
            if may_write_guidance
            else "",
        }
        rows.append(
            TableRow(
                table=one,
                state=state,
                mark=display_mark_for(viewer, one.organisation),
                region=str(REGIONS.get(one.region, "")),
                codes=totals[one.pk].codes,
                taps=totals[one.pk].taps if one.pk in settled else None,
                late=totals[one.pk].late if one.pk in settled else None,
                needs_closing=state == TableState.OPEN and one.day < today,
                missing=[MissingRow(str(each.words), links[each.at]) for each in missing],
            )
        )
    return rows


def days_of(rows: Iterable[TableRow]) -> list[TableDay]:
    """Return the rows by day, in the order in which they come."""
    today = localdate(now())
    return [
        TableDay(day, day == today, list(group))
        for day, group in groupby(rows, key=lambda row: row.table.day)
    ]


def tables_summary(access: Access) -> Summary:
    """Return the section's line on the page "Campaign". One query."""
    today = localdate(now())
    rows = list(tables_for(access.user, access.workspace).select_related(None))
    if not rows:
        return Summary(
            _("There is no table yet."),
            next_step=_("Write what volunteers read, then prepare a table with the owner’s permission."),
        )
    states = [row.state_on(today) for row in rows]
    is_open = states.count(TableState.OPEN)
    ahead = states.count(TableState.PREPARED)
    text = ngettext("%(count)d table is open", "%(count)d tables are open", is_open) % {"count": is_open}
    over = any(state == TableState.OPEN and row.day < today for row, state in zip(rows, states, strict=True))
    return Summary(f"{text}, {_('%(count)s prepared') % {'count': ahead}}.", needs_attention=over)
