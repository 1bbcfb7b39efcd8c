"""Right *see drafts*: observers see no drafts, no rounds of approval and no files."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions.activity import record_activity
from coalition.workspaces.queries import activity_for
from tests.factories import DraftFactory, WorkspaceFactory, seat
from tests.permissions.roles import (
    WITHOUT_A_SEAT,
    every_role,
    everyone_without_a_seat,
    has,
    lists_agree,
    nothing_there,
)

pytestmark = pytest.mark.django_db

LISTS = ["drafts", "rounds", "files", "publications"]


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_lists_open_from_reviewer_on(role, archived, client_of) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now() if archived else None), role=role)
    DraftFactory(workspace=here.workspace, organisation=here.organisation, title="Canary title")
    expected = has(role, Right.SEE_DRAFTS)
    lists_agree(here.person, here.workspace, Right.SEE_DRAFTS, expected=expected)
    answer = client_of(here.person).get(reverse("documents:drafts", args=[here.workspace.uuid]))
    assert ("Canary title" in answer.content.decode()) == expected
    dashboard = client_of(here.person).get(reverse("workspaces:dashboard")).content.decode()
    assert expected or "Canary title" not in dashboard


@every_role
def test_one_draft_opens_from_reviewer_on(role, client_of) -> None:
    here = seat(role=role)
    draft = DraftFactory(workspace=here.workspace, organisation=here.organisation)
    answer = client_of(here.person).get(reverse("documents:draft", args=[draft.uuid]))
    assert answer.status_code == (302 if has(role, Right.SEE_DRAFTS) else 404)


@everyone_without_a_seat
def test_without_a_seat_they_do_not_exist(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    author = seat(workspace=workspace, role=SeatRole.EDITOR)
    draft = DraftFactory(workspace=workspace, organisation=author.organisation)
    person = WITHOUT_A_SEAT[stranger](workspace)
    lists_agree(person, workspace, Right.SEE_DRAFTS, expected=False)
    browser = client_of(person)
    for name in LISTS:
        assert browser.get(reverse(f"documents:{name}", args=[workspace.uuid])).status_code == 404
    assert browser.get(reverse("documents:draft", args=[draft.uuid])).status_code == 404
    nothing_there(browser, reverse("workspaces:workspace", args=[workspace.uuid]))


@every_role
def test_observers_do_not_hear_of_drafts(role) -> None:
    here = seat(role=role)
    record_activity(
        "draft_created", workspace=here.workspace, actor=None, organisation=None, title="Canary title"
    )
    heard = activity_for(here.person, here.workspace).exists()
    assert heard == has(role, Right.SEE_DRAFTS)
