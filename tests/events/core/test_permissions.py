"""Right *plan events*, on events: each role × each state of the event and its workspace."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from coalition.core.errors import Refused
from coalition.roles import Right, SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from events.cohosts.actions import ask_co_hosts
from events.core.actions.plan import (
    announce_event,
    cancel_event,
    change_event,
    move_event,
    place_input_for,
    set_audience_times,
)
from events.core.actions.times import set_hours
from events.core.enums import EventKind, EventState, Visibility
from events.core.permissions import may_announce, may_change, may_plan, may_restrict
from events.models import Event
from tests.events.planning.builders import Stage, announced, planned, restrict, stage, times_from
from tests.permissions.roles import every_role, has

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # every role, every way

LATER = times_from("2026-03-05 15:00", "2026-03-05 16:00")


def _moved(here: Stage) -> Event:
    return move_event(access=here.access(), event=announced(here.access()), times=LATER)


STATES: dict[EventState, Callable[[Stage], Event]] = {
    EventState.PLANNED: lambda here: planned(here.access()),
    EventState.ANNOUNCED: lambda here: announced(here.access()),
    EventState.MOVED: _moved,
    EventState.CANCELLED: lambda here: cancel_event(access=here.access(), event=announced(here.access())),
}
ACTS: dict[str, Callable[[Access, Event], object]] = {
    "announce": lambda access, event: announce_event(
        access=access, event=event, visibility=Visibility.WORKSPACE
    ),
    "change": lambda access, event: change_event(
        access=access,
        event=event,
        kind=EventKind.TRAINING,
        texts={},
        place=place_input_for(event),
        handling=event.handling,
    ),
    "move": lambda access, event: move_event(
        access=access, event=event, times=times_from("2026-03-09 15:00", "2026-03-09 16:00")
    ),
    "cancel": lambda access, event: cancel_event(access=access, event=event),
    "hours": lambda access, event: set_hours(access=access, event=event, hours=[]),
    "audiences": lambda access, event: set_audience_times(access=access, event=event, times={}),
    "co-hosts": lambda access, event: ask_co_hosts(access=access, event=event, organisations=[]),
}
# What the state of an event does not allow, whatever the right. Cancelling twice is one.
REFUSED = {
    EventState.PLANNED: {"move", "hours"},
    EventState.ANNOUNCED: {"announce", "hours"},
    EventState.MOVED: {"announce", "hours"},
    EventState.CANCELLED: {"announce", "change", "move", "hours", "audiences", "co-hosts"},
}


def outcome(act: str, access: Access, event: Event) -> str:
    try:
        ACTS[act](access, event)
    except NotAllowed:
        return "not allowed"
    except Refused:
        return "refused"
    return "done"


@every_role
@pytest.mark.parametrize("state", list(EventState))
def test_who_does_what_with_an_event(role, state) -> None:
    here = stage()
    for act in ACTS:
        event = STATES[state](here)
        allowed = "refused" if act in REFUSED[state] else "done"
        expected = allowed if has(role, Right.PLAN) else "not allowed"
        assert outcome(act, here.access(role.value), event) == expected, act


@every_role
def test_nothing_is_done_in_an_archived_workspace(role) -> None:
    here = stage()
    event = planned(here.access())
    Workspace.objects.update(archived_at=timezone.now())
    access = here.access(role.value)
    assert not may_plan(access)
    for act in ACTS:
        assert outcome(act, access, event) == "not allowed", act


@every_role
def test_an_event_of_another_workspace_is_nobodys_here(role) -> None:
    here, there = stage(), stage()
    event = announced(there.access())
    access = here.access(role.value)
    for rule in (may_change, may_restrict):
        assert not rule(access, event)
    assert not any(may_announce(access, event, visibility) for visibility in Visibility)


@every_role
def test_everyone_is_told_by_those_who_publish(role) -> None:
    here = stage()
    event = planned(here.access())
    access = here.access(role.value)
    assert may_announce(access, event, Visibility.PUBLIC) == has(role, Right.PUBLISH)
    assert may_announce(access, event, Visibility.COALITION) == has(role, Right.PLAN)


@every_role
def test_a_restricted_event_is_changed_by_those_in_its_list_only(role) -> None:
    here = stage()
    event = planned(here.access(), restricted_to=(here.organisation(),))
    assert may_change(here.access(role.value), event) == (role == SeatRole.EDITOR)


@every_role
def test_who_says_for_whom_an_event_is(role) -> None:
    here = stage()
    event = planned(here.access())
    access = here.access(role.value)
    allowed = role in {SeatRole.EDITOR, SeatRole.COORDINATOR}  # the one as planner, the other as such
    assert may_restrict(access, event) == allowed
    try:
        restrict(access, event, [access.organisation])
    except NotAllowed:
        assert not allowed
    else:
        assert allowed


def test_a_person_with_two_organisations_acts_for_one() -> None:
    here = stage()
    event = planned(here.access(), restricted_to=(here.organisation(),))
    person = here.user()
    other = here.take("editor", name="other").organisation
    here.seats["other"].person.memberships.update(person=person)
    here.seats["other"].person = person
    here.seats["other"].save()
    assert may_change(access_to(person, here.workspace.uuid, acting_for=str(here.organisation().uuid)), event)
    as_other = access_to(person, here.workspace.uuid, acting_for=str(other.uuid))
    assert as_other.organisation == other
    assert not may_change(as_other, event)
