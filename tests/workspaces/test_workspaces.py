"""Opening, describing and archiving workspaces."""

import pytest
from django.http import Http404
from django.utils import timezone

from coalition.accounts.models import User
from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions.workspaces import (
    archive_workspace,
    create_workspace,
    describe_workspace,
    restore_workspace,
)
from coalition.workspaces.models import Seat, WorkspaceGroupPermission
from coalition.workspaces.permissions import NotAllowed, access_to, require
from coalition.workspaces.queries import (
    for_page,
    open_workspaces_for,
    rail_workspaces,
    roles_by_seat,
    workspaces_for,
)
from tests.factories import MembershipFactory, OfficeFactory, UserFactory, seat

pytestmark = pytest.mark.django_db


def test_the_secretariat_opens_a_workspace_and_has_no_seat_in_it() -> None:
    secretariat, member = OfficeFactory().person, MembershipFactory()
    made = create_workspace(
        by=secretariat, title="Article 123", coordinator=member.person, organisation=member.organisation
    )
    assert access_to(member.person, made.uuid).role == SeatRole.COORDINATOR
    assert not workspaces_for(secretariat).exists()


@pytest.mark.parametrize("role", SeatRole)
def test_nobody_else_opens_one(role) -> None:
    here = seat(role=role)
    with pytest.raises(NotAllowed):
        create_workspace(by=here.person, title="x", coordinator=here.person, organisation=here.organisation)


def test_the_coordinator_is_a_member_of_the_organisation() -> None:
    with pytest.raises(Refused):
        create_workspace(
            by=OfficeFactory().person,
            title="x",
            coordinator=UserFactory(),
            organisation=MembershipFactory().organisation,
        )


def test_an_archived_workspace_can_only_be_read_until_it_is_taken_back() -> None:
    led = seat(role=SeatRole.COORDINATOR)
    archive_workspace(access=access_to(led.person, led.workspace.uuid))
    access = access_to(led.person, led.workspace.uuid)
    assert not open_workspaces_for(led.person).exists()
    assert rail_workspaces(for_page(led.person)) == rail_workspaces(led.person) == []
    require(access, Right.SEE_DRAFTS)
    with pytest.raises(NotAllowed):
        require(access, Right.EDIT)
    with pytest.raises(NotAllowed):
        describe_workspace(access=access, title="New", purpose="")
    restore_workspace(access=access)
    require(access_to(led.person, led.workspace.uuid), Right.EDIT)


def test_archiving_and_describing_need_the_coordinator() -> None:
    editor = seat(role=SeatRole.EDITOR)
    access = access_to(editor.person, editor.workspace.uuid)
    with pytest.raises(NotAllowed):
        archive_workspace(access=access)
    with pytest.raises(NotAllowed):
        describe_workspace(access=access, title="New", purpose="")


def test_a_page_reads_seats_and_workspaces_in_one_query(django_assert_num_queries) -> None:
    first = seat()
    second = seat(person=first.person)
    Seat.objects.filter(pk=seat(person=first.person).pk).update(ended_at=timezone.now())
    with django_assert_num_queries(1):
        person = for_page(first.person)
        assert rail_workspaces(person) == [first.workspace, second.workspace]
        assert roles_by_seat(person).keys() == {first.pk, second.pk}


def test_the_access_of_a_page_is_that_of_an_action_and_needs_no_query(django_assert_num_queries) -> None:
    editor = seat(role=SeatRole.EDITOR)
    reviewer = seat(role=SeatRole.REVIEWER, person=editor.person)
    also = seat(role=SeatRole.OBSERVER, person=editor.person, workspace=editor.workspace)
    User.objects.filter(pk=editor.person.pk).update(is_superuser=True)  # rights come from seats alone
    person = User.objects.get(pk=editor.person.pk)
    page = for_page(person)
    for row, chosen in ((editor, editor), (reviewer, reviewer), (editor, also)):
        given = {"workspace_uuid": row.workspace.uuid, "acting_for": str(chosen.organisation.uuid)}
        with django_assert_num_queries(0):
            shown = access_to(page, **given)
            assert shown.organisation.name_en == chosen.organisation.name_en
        acting = access_to(person, **given)
        assert (shown.workspace, shown.seat, shown.seats) == (acting.workspace, acting.seat, acting.seats)
        assert shown.rights == acting.rights
    with pytest.raises(Http404):
        access_to(page, seat().workspace.uuid)


def test_a_page_of_a_workspace_without_rights_in_the_database_is_not_found() -> None:
    row = seat()
    WorkspaceGroupPermission.objects.filter(content_object=row.workspace).delete()
    page = for_page(row.person)
    assert rail_workspaces(page) == []
    with pytest.raises(Http404):
        access_to(page, row.workspace.uuid)
