"""Right *edit*: editors and coordinators change every draft; contributors only their own."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces.permissions import access_to
from documents.drafts.actions.manage import create_draft
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import WITHOUT_A_SEAT, every_role, everyone_without_a_seat, has, lists_agree

pytestmark = pytest.mark.django_db

FORM = {"title": "Changed title", "kind": "statement", "handling": "amber"}


def draft_by(author):
    return create_draft(access=access_to(author.person, author.workspace.uuid), title="Title")


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_who_changes_the_draft_of_another(role, archived, client_of) -> None:
    author = seat(role=SeatRole.EDITOR)
    draft = draft_by(author)
    if archived:
        author.workspace.archived_at = now()
        author.workspace.save()
    here = seat(workspace=author.workspace, role=role)
    lists_agree(here.person, here.workspace, Right.EDIT, expected=has(role, Right.EDIT))
    client_of(here.person).post(reverse("documents:draft_settings", args=[draft.uuid]), FORM)
    draft.refresh_from_db()
    assert (draft.title == "Changed title") == (has(role, Right.EDIT) and not archived)


def test_contributors_change_their_own(client_of) -> None:
    author = seat(role=SeatRole.CONTRIBUTOR)
    draft = draft_by(author)
    client_of(author.person).post(reverse("documents:draft_settings", args=[draft.uuid]), FORM)
    draft.refresh_from_db()
    assert draft.title == "Changed title"


@everyone_without_a_seat
def test_nobody_without_a_seat(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    draft = draft_by(seat(workspace=workspace, role=SeatRole.EDITOR))
    person = WITHOUT_A_SEAT[stranger](workspace)
    lists_agree(person, workspace, Right.EDIT, expected=False)
    answer = client_of(person).post(reverse("documents:draft_settings", args=[draft.uuid]), FORM)
    assert answer.status_code == 404
    draft.refresh_from_db()
    assert draft.title == "Title"
