"""guardian's rows follow from the seats, and a difference is found and mended."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm, remove_perm
from pytest_django import DjangoAssertNumQueries

from coalition.roles import SeatRole
from coalition.workspaces.actions.seats import group_for_organisation, sync_grants
from coalition.workspaces.models import GrantGroup, Seat
from tests.factories import SeatFactory, UserFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db


def group_of_editors(row: Seat) -> Group:
    return GrantGroup.objects.get(workspace=row.workspace, role=SeatRole.EDITOR, organisation=None).group


def disturb_person_too_much(row) -> None:
    group_of_editors(row).user_set.add(UserFactory())


def disturb_person_missing(row) -> None:
    group_of_editors(row).user_set.clear()


def disturb_right_missing(row) -> None:
    remove_perm("edit_drafts", group_of_editors(row), row.workspace)


def disturb_right_too_much(row) -> None:
    assign_perm("manage", group_of_editors(row), row.workspace)


def disturb_right_of_a_person(row) -> None:
    assign_perm("manage", UserFactory(), row.workspace)


def disturb_right_of_a_foreign_group(row) -> None:
    assign_perm("see_drafts", Group.objects.create(name="strangers"), row.workspace)


def disturb_right_of_an_organisation(row) -> None:
    group = group_for_organisation(row.workspace, row.organisation)
    assign_perm("see_drafts", group, row.workspace)


DISTURBANCES = [value for name, value in sorted(globals().items()) if name.startswith("disturb_")]


@pytest.mark.parametrize("disturb", DISTURBANCES)
def test_a_difference_is_found_and_mended(disturb, capsys) -> None:
    row = seat(role=SeatRole.EDITOR)
    call_command("check_grants")
    disturb(row)
    with pytest.raises(SystemExit) as stop:
        call_command("check_grants")
    assert stop.value.code == 1
    call_command("check_grants", fix=True)
    assert sync_grants(row.workspace, fix=False) == []
    capsys.readouterr()
    call_command("check_grants")
    assert "follow from the seats" in capsys.readouterr().out


def test_a_look_takes_the_same_queries_for_one_and_for_three_organisations(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    workspace = seat(role=SeatRole.EDITOR).workspace
    with CaptureQueriesContext(connection) as one:
        assert sync_grants(workspace, fix=False) == []
    for role in (SeatRole.COORDINATOR, SeatRole.OBSERVER):
        seat(workspace=workspace, role=role)
    with django_assert_num_queries(len(one)):
        assert sync_grants(workspace, fix=False) == []


def test_looking_changes_nothing() -> None:
    row = seat()
    other = WorkspaceFactory()
    SeatFactory(workspace=row.workspace, organisation=row.organisation, role=SeatRole.COORDINATOR)
    before = GrantGroup.objects.count()
    sync_grants(row.workspace, fix=False)
    sync_grants(other, fix=False)
    assert GrantGroup.objects.count() == before
