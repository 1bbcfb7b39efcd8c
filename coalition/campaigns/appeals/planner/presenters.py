"""What the desk shows of a petition plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from coalition.accounts.models import Organisation
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.campaigns.appeals.models import PetitionPledge
from coalition.campaigns.appeals.permissions import may_pledge
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants


@dataclass(frozen=True)
class PledgeRow:
    """Numbers of one organisation, as the viewer may read its name."""

    organisation: Organisation
    mark: OrganisationMark
    promised: int
    found: int
    may_change: bool


def pledge_rows(
    pledges: Iterable[PetitionPledge], access: Access, viewer: Viewer, *, may_plan: bool
) -> list[PledgeRow]:
    """Return a row for each organisation that takes part; those that left stay while they have numbers. One
    query."""
    known = {one.organisation_id: one for one in pledges}
    own = access.organisation.pk if may_pledge(access) else None
    rows = []
    for organisation in participants(access.workspace).order_by("pk"):
        pledge = known.pop(organisation.pk, None)
        may_change = may_plan or organisation.pk == own
        rows.append(_row(organisation, pledge, viewer, may_change=may_change))
    gone = [_row(one.organisation, one, viewer, may_change=False) for one in known.values()]
    return [*rows, *(row for row in gone if row.promised or row.found)]


def _row(
    organisation: Organisation, pledge: PetitionPledge | None, viewer: Viewer, *, may_change: bool
) -> PledgeRow:
    promised, found = (pledge.promised, pledge.found) if pledge is not None else (0, 0)
    return PledgeRow(organisation, display_mark_for(viewer, organisation), promised, found, may_change)
