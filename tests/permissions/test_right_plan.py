"""Right *plan events*: editors and coordinators."""

import pytest

from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import NotAllowed, access_to, require
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import WITHOUT_A_SEAT, every_role, everyone_without_a_seat, has, lists_agree

pytestmark = pytest.mark.django_db


@every_role
def test_who_holds_it(role) -> None:
    here = seat(role=role)
    lists_agree(here.person, here.workspace, Right.PLAN, expected=has(role, Right.PLAN))


@every_role
def test_nobody_uses_it_in_an_archived_workspace(role) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now()), role=role)
    with pytest.raises(NotAllowed):
        require(access_to(here.person, here.workspace.uuid), Right.PLAN)


@everyone_without_a_seat
def test_nobody_holds_it_without_a_seat(stranger) -> None:
    workspace = WorkspaceFactory()
    lists_agree(WITHOUT_A_SEAT[stranger](workspace), workspace, Right.PLAN, expected=False)
