"""Right *manage*: coordinators give seats, bring organisations in, change settings, archive, read the log."""

import pytest
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Participation, Seat
from tests.factories import MembershipFactory, OrganisationFactory, WorkspaceFactory, seat
from tests.permissions.roles import (
    WITHOUT_A_SEAT,
    every_role,
    everyone_without_a_seat,
    has,
    lists_agree,
    nothing_there,
)

pytestmark = pytest.mark.django_db

PAGES = ["settings", "log"]
ACTS = ["seat_give", "bring_in", "archive", "take_back"]


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_who_reads_settings_and_log(role, archived, client_of) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now() if archived else None), role=role)
    lists_agree(here.person, here.workspace, Right.MANAGE, expected=has(role, Right.MANAGE))
    for name in PAGES:
        answer = client_of(here.person).get(reverse(f"workspaces:{name}", args=[here.workspace.uuid]))
        assert answer.status_code == (200 if has(role, Right.MANAGE) else 403)


@every_role
@pytest.mark.parametrize("archived", [False, True])
def test_who_settles_who_is_here(role, archived, client_of) -> None:
    here = seat(workspace=WorkspaceFactory(archived_at=now() if archived else None), role=role)
    member, organisation = MembershipFactory(organisation=here.organisation), OrganisationFactory()
    browser = client_of(here.person)
    workspace = here.workspace.uuid
    browser.post(
        reverse("workspaces:seat_give", args=[workspace]), {"member": member.uuid, "role": "observer"}
    )
    browser.post(reverse("workspaces:bring_in", args=[workspace]), {"organisation": organisation.uuid})
    browser.post(reverse("workspaces:settings", args=[workspace]), {"title": "New title"})
    may = has(role, Right.MANAGE) and not archived
    assert Seat.objects.filter(person=member.person).exists() == may
    assert Participation.objects.filter(organisation=organisation).exists() == may
    here.workspace.refresh_from_db()
    assert (here.workspace.title == "New title") == may


@every_role
def test_who_archives_and_takes_back(role, client_of) -> None:
    here = seat(role=role)
    browser = client_of(here.person)
    browser.post(reverse("workspaces:archive", args=[here.workspace.uuid]))
    here.workspace.refresh_from_db()
    assert (here.workspace.archived_at is not None) == has(role, Right.MANAGE)
    browser.post(reverse("workspaces:take_back", args=[here.workspace.uuid]))
    here.workspace.refresh_from_db()
    assert here.workspace.archived_at is None


@everyone_without_a_seat
def test_nobody_without_a_seat(stranger, client_of) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    person = WITHOUT_A_SEAT[stranger](here.workspace)
    lists_agree(person, here.workspace, Right.MANAGE, expected=False)
    browser = client_of(person)
    for name in [*PAGES, *ACTS]:
        nothing_there(browser, reverse(f"workspaces:{name}", args=[here.workspace.uuid]))
    take = reverse("workspaces:seat_take", args=[here.workspace.uuid, here.uuid])
    nothing_there(browser, take)
    here.refresh_from_db()
    assert here.ended_at is None
