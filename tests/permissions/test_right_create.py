"""Right *create*: contributors and everyone above them start drafts."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from documents.models import Draft
from tests.factories import WorkspaceFactory, seat
from tests.permissions.roles import (
    WITHOUT_A_SEAT,
    every_role,
    everyone_without_a_seat,
    has,
    lists_agree,
    nothing_there,
)

pytestmark = pytest.mark.django_db

FORM = {"title": "A statement", "kind": "statement", "handling": "amber", "first_language": "kk"}


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_who_starts_a_draft(role, archived, client_of) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now() if archived else None), role=role)
    lists_agree(here.person, here.workspace, Right.CREATE, expected=has(role, Right.CREATE))
    answer = client_of(here.person).post(reverse("documents:create", args=[here.workspace.uuid]), FORM)
    expected = has(role, Right.CREATE) and not archived
    assert Draft.objects.filter(workspace=here.workspace).exists() == expected
    if not expected:
        assert answer.status_code == (404 if role == SeatRole.OBSERVER else 403)


@everyone_without_a_seat
def test_nobody_without_a_seat(stranger, client_of) -> None:
    workspace = WorkspaceFactory()
    person = WITHOUT_A_SEAT[stranger](workspace)
    lists_agree(person, workspace, Right.CREATE, expected=False)
    nothing_there(client_of(person), reverse("documents:create", args=[workspace.uuid]))
    assert not Draft.objects.exists()
