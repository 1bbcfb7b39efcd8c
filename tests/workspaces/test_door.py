"""In whose name a person acts, and what the door answers to strangers."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404
from django.test import RequestFactory

from coalition.accounts.models import Listing, User
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.roles import Right, SeatRole
from coalition.workspaces.access import choose_acting_organisation, get_access
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import NotAllowed
from tests.factories import OrganisationFactory, UserFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db


def request_of(user: User):
    request = RequestFactory().get("/workspaces/")
    request.user = user
    request.session = SessionStore()
    return request


def test_a_seat_opens_the_door_with_its_rights() -> None:
    here = seat(role=SeatRole.REVIEWER)
    access = get_access(request_of(here.person), here.workspace.uuid)
    assert access.organisation == here.organisation
    assert access.may(Right.COMMENT)
    assert not access.may(Right.EDIT)


@pytest.mark.parametrize("superuser", [False, True])
def test_without_a_seat_there_is_no_workspace(superuser: bool) -> None:
    seat(workspace=(workspace := WorkspaceFactory()))
    with pytest.raises(Http404):
        get_access(request_of(UserFactory(is_superuser=superuser)), workspace.uuid)


def test_a_page_that_shows_asks_whom_one_has_met_when_a_name_hangs_on_it(django_assert_num_queries) -> None:
    here = seat(role=SeatRole.REVIEWER)
    public, withheld = (
        seat(workspace=here.workspace, organisation=OrganisationFactory(listing=listing)).organisation
        for listing in (Listing.PUBLIC, Listing.WITHHELD)
    )
    shown, acting = request_of(here.person), request_of(here.person)
    acting.method = "POST"
    with django_assert_num_queries(1):
        viewer = get_viewer(shown)
        assert display_name_for(viewer, public) == public.name_in()
    with django_assert_num_queries(1):
        assert display_name_for(viewer, withheld) == withheld.name_in()
        assert display_name_for(viewer, withheld) == withheld.name_in()
    with django_assert_num_queries(2):
        viewer = get_viewer(acting)
    Seat.objects.filter(pk=here.pk).update(ended_at="2026-01-01T00:00Z")
    with django_assert_num_queries(0):
        assert display_name_for(viewer, withheld) == withheld.name_in(), "as it was before the change"
    assert withheld.name_in() not in display_name_for(get_viewer(request_of(here.person)), withheld)


def test_a_person_of_two_organisations_chooses() -> None:
    first = seat(role=SeatRole.COORDINATOR)
    second = seat(first.person, first.workspace, SeatRole.OBSERVER)
    request = request_of(first.person)
    access = get_access(request, first.workspace.uuid)
    choose_acting_organisation(request, access, str(second.organisation.uuid))
    chosen = get_access(request, first.workspace.uuid)
    assert chosen.organisation == second.organisation
    assert not chosen.may(Right.MANAGE)


def test_nobody_acts_for_an_organisation_without_a_seat_in_it() -> None:
    here = seat()
    request = request_of(here.person)
    access = get_access(request, here.workspace.uuid)
    with pytest.raises(NotAllowed):
        choose_acting_organisation(request, access, str(OrganisationFactory().uuid))
