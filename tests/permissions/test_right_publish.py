"""Right *publish*: coordinators put texts to approval and publish."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces.permissions import access_to
from documents.drafts.actions.manage import create_draft
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import WITHOUT_A_SEAT, every_role, everyone_without_a_seat, has, lists_agree

pytestmark = pytest.mark.django_db


def draft_in(workspace):
    author = seat(workspace=workspace, role=SeatRole.EDITOR)
    return create_draft(access=access_to(author.person, workspace.uuid), title="Title")


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_who_puts_a_text_to_approval(role, archived, client_of) -> None:
    workspace = WorkspaceFactory()
    draft = draft_in(workspace)
    here = seat(workspace=workspace, role=role)
    if archived:
        workspace.archived_at = now()
        workspace.save()
    lists_agree(here.person, workspace, Right.PUBLISH, expected=has(role, Right.PUBLISH))
    answer = client_of(here.person).get(reverse("documents:put", args=[draft.uuid]))
    if role == SeatRole.OBSERVER:
        assert answer.status_code == 404
    else:
        may = has(role, Right.PUBLISH) and not archived
        assert answer.status_code == (200 if may else 403)


@everyone_without_a_seat
def test_nobody_without_a_seat(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    draft = draft_in(workspace)
    person = WITHOUT_A_SEAT[stranger](workspace)
    lists_agree(person, workspace, Right.PUBLISH, expected=False)
    assert client_of(person).get(reverse("documents:put", args=[draft.uuid])).status_code == 404
