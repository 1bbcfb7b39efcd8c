"""Roles and states that the tests of rights run through: one row per role, and those without a seat."""

from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client

from coalition.accounts.models import Membership, User
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import access_to
from coalition.workspaces.queries import workspaces_for
from tests.factories import FreezeFactory, MembershipFactory, OfficeFactory, UserFactory, seat


def _outsider(_workspace: Workspace) -> User:
    return seat(role=SeatRole.COORDINATOR).person


def _member_of_a_participant(workspace: Workspace) -> User:
    return MembershipFactory(organisation=seat(workspace=workspace).organisation).person


def _ex_member(workspace: Workspace) -> User:
    left = seat(workspace=workspace, role=SeatRole.COORDINATOR)
    Membership.objects.filter(person=left.person).update(ended_at=now())
    MembershipFactory(person=left.person)
    return left.person


def _ex_seat(workspace: Workspace) -> User:
    left = seat(workspace=workspace, role=SeatRole.COORDINATOR)
    left.ended_at = now()
    left.save()
    return left.person


def _frozen(workspace: Workspace) -> User:
    held = seat(workspace=workspace, role=SeatRole.COORDINATOR)
    FreezeFactory(organisation=held.organisation, frozen_at=now())
    MembershipFactory(person=held.person)
    return held.person


WITHOUT_A_SEAT: dict[str, Callable[[Workspace], User]] = {
    "outsider": _outsider,
    "member of a participant": _member_of_a_participant,
    "ex-member": _ex_member,
    "ex-seat": _ex_seat,
    "frozen": _frozen,
    "secretariat": lambda _workspace: OfficeFactory().person,
    "superuser": lambda _workspace: UserFactory(is_superuser=True, is_staff=True),
}

every_role = pytest.mark.parametrize("role", list(SeatRole))
everyone_without_a_seat = pytest.mark.parametrize("stranger", list(WITHOUT_A_SEAT))


def has(role: SeatRole, right: Right) -> bool:
    return right in RIGHTS[role]


def lists_agree(person: User, workspace: Workspace, right: Right, *, expected: bool) -> None:
    """The query behind every list and the access behind every page say the same."""
    assert workspaces_for(person, right).filter(pk=workspace.pk).exists() == expected
    try:
        access = access_to(person, workspace.uuid)
    except Http404:
        assert not expected
    else:
        assert access.may(right) == expected


def nothing_there(browser: Client, address: str) -> None:
    """By whatever method: the answer for a thing that does not exist."""
    for method in (browser.get, browser.head, browser.post):
        assert method(address).status_code == 404
