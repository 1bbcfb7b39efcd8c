"""Right *see*: everyone with a seat sees the workspace, its people and what happened."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import (
    WITHOUT_A_SEAT,
    every_role,
    everyone_without_a_seat,
    lists_agree,
    nothing_there,
)

pytestmark = pytest.mark.django_db

PAGES = ["workspace", "people", "activity", "act_for"]


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_every_role_sees_the_workspace(role, archived, client_of) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now() if archived else None), role=role)
    lists_agree(here.person, here.workspace, Right.SEE, expected=True)
    for name in PAGES:
        address = reverse(f"workspaces:{name}", args=[here.workspace.uuid])
        assert client_of(here.person).get(address).status_code == 200


@everyone_without_a_seat
def test_without_a_seat_it_does_not_exist(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    person = WITHOUT_A_SEAT[stranger](workspace)
    lists_agree(person, workspace, Right.SEE, expected=False)
    for name in PAGES:
        nothing_there(client_of(person), reverse(f"workspaces:{name}", args=[workspace.uuid]))


def test_anonymous_people_are_asked_to_sign_in_whether_it_exists_or_not(client) -> None:
    for workspace in [WorkspaceFactory(), WorkspaceFactory.build()]:
        answer = client.get(reverse("workspaces:workspace", args=[workspace.uuid]))
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.url
