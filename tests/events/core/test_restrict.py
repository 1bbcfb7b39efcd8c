"""An event for some organisations only."""

import pytest

from coalition.core.errors import Refused
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from events.cohosts.actions import ask_co_hosts
from events.core.enums import Visibility
from events.core.queries import events_for
from events.models import EventGroupPermission, EventUserPermission
from tests.events.planning.builders import Stage, announced, planned, restrict, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage()


def test_it_is_for_those_in_the_list_and_coordinators_are_no_exception(here) -> None:
    event = planned(here.access())
    listed = [here.organisation("editor"), here.organisation("reviewer")]
    restrict(here.access(), event, listed)
    for role in here.seats:
        assert (event in events_for(here.user(role))) == (role in {"editor", "reviewer"}), role
    told = Activity.objects.get(kind="event_planned")
    assert told in activity_for(here.user("reviewer"))
    assert told not in activity_for(here.user("coordinator"))
    assert EventGroupPermission.objects.filter(content_object=event).count() == 2
    assert not EventUserPermission.objects.exists()
    assert sync_grants(here.workspace, fix=False) == []


def test_it_opens_again(here) -> None:
    event = planned(here.access(), restricted_to=(here.organisation(),))
    assert event not in events_for(here.user("reviewer"))
    restrict(here.access(), event, [])
    assert event in events_for(here.user("reviewer"))
    assert not EventGroupPermission.objects.filter(content_object=event).exists()


def test_an_observer_in_the_list_sees_it_once_it_is_told(here) -> None:
    listed = (here.organisation("editor"), here.organisation("observer"))
    event = planned(here.access(), restricted_to=listed)
    assert event not in events_for(here.user("observer"))
    told = announced(here.access(), restricted_to=listed, visibility=Visibility.WORKSPACE)
    assert told in events_for(here.user("observer"))
    assert told not in events_for(here.user("coordinator"))


def test_another_editor_may_not_say_for_whom_it_is_and_who_coordinates_may(here) -> None:
    event = planned(here.access())
    here.take("editor", name="another")
    with pytest.raises(NotAllowed):
        restrict(here.access("another"), event, [here.organisation("another")])
    lead = here.organisation("coordinator")
    restricted = restrict(here.access("coordinator"), event, [lead])
    assert restricted.restricted
    with pytest.raises(NotAllowed):  # the planner is shut out now
        restrict(here.access(), event, [])


def test_what_is_told_beyond_the_workspace_is_not_restricted(here) -> None:
    event = announced(here.access(), visibility=Visibility.COALITION)
    with pytest.raises(Refused, match="beyond this workspace"):
        restrict(here.access(), event, [here.organisation()])


def test_a_co_host_is_not_shut_out(here) -> None:
    event = planned(here.access())
    ask_co_hosts(access=here.access(), event=event, organisations=[here.organisation("reviewer")])
    with pytest.raises(Refused, match="co-host"):
        restrict(here.access(), event, [here.organisation()])
