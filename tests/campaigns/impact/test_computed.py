"""What the platform counts by itself."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.impact.computed import computed_values
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from events.press.coverage.models import Coverage, CoverageState, Proof
from tests.filled import filled

pytestmark = pytest.mark.django_db


def test_all_sources_are_one_query() -> None:
    workspace = filled(Workspace)
    with CaptureQueriesContext(
        connection,
    ) as queries:
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
