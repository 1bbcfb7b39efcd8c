"""What pages show of counts. A number that one person gave is shown to that person alone before both have."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.core.double_count import READ_BACK, CountMethod, CountState
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.permissions import may_close_table, may_count, may_take_back_all
from coalition.campaigns.in_person.counting.queries import (
    OPEN_STATES,
    current_counts,
    regions_with_two,
    tallies_for,
    with_counts,
)
from coalition.campaigns.in_person.counting.titles import tally_title
from coalition.campaigns.in_person.models import Table
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name

BADGES = {
    CountState.NOT_COUNTED: ("", "lock"),
    CountState.WAITING: ("wait", "people"),
    CountState.DIFFERENT: ("no", "again"),
    CountState.SETTLED: ("yes", "check"),
}


@dataclass(frozen=True)
class CountRow:
    """One person's count as the viewer may read it. `number`: None while it is hidden."""

    person: str
    organisation: str
    method: str
    number: int | None
    is_mine: bool
    at: datetime.datetime


@dataclass(frozen=True)
class TallyRow:
    """A tally as it is shown. `due`: until when the second count is expected, None if it is not waited for.

    `total`: counted people and used codes together, once settled. `old_words`: its version is not the newest,
    so that it does not count for the new text.
    """

    tally: Tally
    title: str
    url: str
    organisation: str
    region: str
    badge: tuple[str, str, str]
    counts: list[CountRow]
    due: datetime.datetime | None
    is_overdue: bool
    needs_two: bool
    total: int | None


def tally_rows(tallies: Iterable[Tally], access: Access, viewer: Viewer) -> list[TallyRow]:
    """Return the rows of tallies loaded by `with_counts`. Two queries."""
    found = list(tallies)
    two = regions_with_two({one.workspace_id for one in found}) if found else set()
    return [tally_row(one, access, viewer, needs_two=(one.workspace_id, one.region) in two) for one in found]


def tally_row(tally: Tally, access: Access, viewer: Viewer, *, needs_two: bool) -> TallyRow:
    """Return one of them. No query."""
    current = current_counts(tally)
    state = CountState(tally.state)
    due = current[0].at + READ_BACK if state == CountState.WAITING else None
    return TallyRow(
        tally=tally,
        title=tally_title(tally),
        url=reverse("campaigns:count", args=[tally.uuid]),
        organisation=display_name_for(viewer, tally.organisation),
        region=str(REGIONS.get(tally.region, tally.region)),
        badge=(str(state.label), *BADGES[state]),
        counts=_count_rows(current, access, viewer),
        due=due,
        is_overdue=due is not None and now() > due,
        needs_two=needs_two,
        total=None if tally.count is None else tally.count + tally.codes,
    )


def _count_rows(current: list[TallyCount], access: Access, viewer: Viewer) -> list[CountRow]:
    both = len(current) > 1
    rows = []
    for one in current:
        is_mine = one.person_id == access.user.pk
        rows.append(
            CountRow(
                person=person_name(viewer, one.person, one.organisation)
                if one.person
                else _("Somebody who has left"),
                organisation=display_name_for(viewer, one.organisation),
                method=str(CountMethod(one.method).label),
                number=one.count if both or is_mine else None,
                is_mine=is_mine,
                at=one.at,
            )
        )
    return rows


@dataclass(frozen=True)
class CountOffer:
    """What the person can do with a tally. `may_give`: give a count, or another one in place of theirs;
    `asks_method`: they choose how they count, else `method`; `why_not`: words, "" if they may."""

    may_give: bool
    method: CountMethod
    asks_method: bool
    is_second: bool
    may_take_back: bool
    why_not: str = ""


def count_offer(row: TallyRow, access: Access) -> CountOffer:
    """Return what the page of a tally offers to the person. No query."""
    current = current_counts(row.tally)
    own = [one for one in current if one.person_id == access.user.pk]
    others = [one for one in current if one.person_id != access.user.pk]
    is_open = row.tally.state in OPEN_STATES and may_count(access)
    why_not, method, asks = "", CountMethod.AT_HAND, False
    if own:
        # Who heard it by telephone and is alone now counts with the papers, as every first person.
        method = CountMethod(own[0].method) if others else CountMethod.AT_HAND
    elif len(others) > 1:
        why_not = _("Two people are counting this already. They settle the difference.")
    elif others:
        is_same = others[0].organisation_id == access.organisation.pk
        if row.needs_two and is_same:
            why_not = _("The first count is of your organisation. Somebody of another one counts now.")
        elif is_same and others[0].method == CountMethod.AT_HAND:
            method = CountMethod.BY_TELEPHONE
            if row.is_overdue:
                why_not = _("The first count is older than 72 hours. Take it back and count again.")
        elif not is_same:
            asks = not row.needs_two
    return CountOffer(
        may_give=is_open and not why_not,
        method=method,
        asks_method=asks,
        is_second=bool(others) and not own,
        may_take_back=is_open and bool(own or (current and may_take_back_all(access))),
        why_not=why_not if is_open else "",
    )


@dataclass(frozen=True)
class CountLink:
    """Where a table is counted, in words of what the person does there. `is_quiet`: they only read."""

    words: str
    url: str
    is_quiet: bool = False


def table_count_link(table: Table, access: Access, viewer: Viewer) -> CountLink | None:
    """Return what the page of a table offers: to close it, to give a count, or to read how it stands. None if
    there is nothing to count, or others close it. Up to six queries."""
    tally = with_counts(tallies_for(access.user, access.workspace)).filter(table=table).first()
    if tally is None:
        if table.opened_at is None or not may_close_table(access, table):
            return None
        return CountLink(_("Close and count"), reverse("campaigns:table_counting", args=[table.uuid]))
    (row,) = tally_rows([tally], access, viewer)
    has_counted = any(one.is_mine for one in row.counts)
    if count_offer(row, access).may_give and not (has_counted and tally.state == CountState.WAITING):
        return CountLink(_("Count"), row.url)
    return CountLink(_("See the count"), row.url, is_quiet=True)


def counts_summary(access: Access) -> Summary:
    """Return the section's line on the page "Campaign". One query."""
    states = list(tallies_for(access.user, access.workspace).values_list("state", flat=True))
    if not states:
        return Summary(
            _("Nothing is counted yet."), next_step=_("Close a table, or count sheets that came back.")
        )
    settled = states.count(CountState.SETTLED)
    waiting = len(states) - settled
    text = ngettext("%(count)s count is settled", "%(count)s counts are settled", settled) % {
        "count": settled
    }
    waits = _("%(count)s waiting") % {"count": waiting}
    return Summary(f"{text}, {waits}.", needs_attention=bool(waiting))
