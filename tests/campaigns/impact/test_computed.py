"""What the platform counts by itself."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Listing
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.impact.computed import computed_values
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.impact.items import assignable_items, with_titles
from coalition.campaigns.models import Appeal, Ask, AskStep, Grant, GrantItem
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from documents.drafts.models import Draft, PublicationState
from documents.publication.models import Publication, PublicationName
from events.press.coverage.models import Coverage, CoverageState, Proof
from tests.filled import filled

pytestmark = pytest.mark.django_db


def test_all_sources_are_one_query() -> None:
    workspace = filled(Workspace)
    with CaptureQueriesContext(connection) as queries:
        assert list(computed_values(workspace)) == []
    assert len(queries) == 1


def test_coverage_is_counted_by_organisation_and_by_how_sure_its_reach_is() -> None:
    workspace = filled(Workspace)
    for proof, reach in ((Proof.MEASURED, 4_000), (Proof.ESTIMATE, 9_000), (Proof.NOT_KNOWN, None)):
        filled(
            Coverage,
            workspace=workspace,
            state=CoverageState.COUNTED,
            on=datetime.date(2026, 11, 2),
            proof=proof,
            reach=reach,
            removed_at=None,
        )
    filled(
        Coverage,
        workspace=workspace,
        state=CoverageState.WAITING,
        removed_at=None,
        proof=Proof.NOT_KNOWN,
        reach=None,
    )
    filled(
        Coverage,
        workspace=workspace,
        state=CoverageState.COUNTED,
        removed_at=now(),
        proof=Proof.NOT_KNOWN,
        reach=None,
    )
    found = list(computed_values(workspace))
    sums = {code: sum(one.value for one in found if one.code == code) for code in {one.code for one in found}}
    assert sums == {"coverage": 3, "reach_measured": 4_000}
    assert {one.as_of for one in found} == {datetime.date(2026, 11, 2)}


def test_a_demand_counts_in_the_days_in_which_it_was_so() -> None:
    workspace = filled(Workspace)
    appeal = filled(Appeal, workspace=workspace, opened_at=now())
    ask = filled(Ask, workspace=workspace, appeal=appeal, removed_at=None)
    days = [datetime.date(2026, month, 3) for month in (3, 6, 9)]
    for status, day in zip((AskStatus.TAKEN_UP, AskStatus.ADOPTED, AskStatus.REFUSED), days, strict=True):
        filled(AskStep, ask=ask, status=status, on=day, undone_at=None)
    for until, wanted in zip(days, ({"asks_moved": 1}, {"asks_adopted": 1}, {}), strict=True):
        found = {one.code: one.value for one in computed_values(workspace, until=until)}
        assert found == wanted


def published(draft: Draft, *, listing: str = Listing.PUBLIC, **given: object) -> Publication:
    row = filled(Publication, draft=draft, state=PublicationState.PUBLIC, **given)
    filled(PublicationName, publication=row, organisation=row.organisation, listing=listing)
    return row


def test_a_corrected_text_counts_once_on_its_first_day_and_stays_with_its_grant() -> None:
    workspace = filled(Workspace)
    draft = filled(Draft, workspace=workspace)
    first = published(draft, published_at=datetime.datetime(2026, 3, 3, 9, tzinfo=datetime.UTC))
    moment = datetime.datetime(2026, 9, 3, 9, tzinfo=datetime.UTC)
    second = published(draft, published_at=moment, replaces=first)
    grant = filled(Grant, workspace=workspace, starts_on=first.published_at, ends_on=moment)
    GrantItem.objects.create(grant=grant, kind=CountedItem.PUBLICATION, item=draft.uuid, added_at=now())
    until = datetime.date(2026, 3, 31)
    for given in ({}, {"grant": grant}, {"grant": grant, "until": until}):
        (found,) = computed_values(workspace, **given)
        assert (found.value, found.organisation, found.as_of) == (
            1,
            second.organisation_id,
            datetime.date(2026, 3, 3),
        )
    ((item, _title),) = with_titles(
        CountedItem.PUBLICATION, assignable_items(workspace, CountedItem.PUBLICATION)
    )
    assert item == draft.uuid


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_text_under_which_its_publisher_is_not_named_counts_for_nobody(listing) -> None:
    draft = filled(Draft)
    published(draft, listing=listing, published_at=now())
    (found,) = computed_values(draft.workspace)
    assert (found.code, found.value, found.organisation) == ("publications", 1, None)
