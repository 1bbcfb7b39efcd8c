"""Cancelling an event."""

import pytest

from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from events.core.actions.plan import cancel_event
from events.core.enums import EventState
from events.core.queries import events_for, public_events
from tests.events.planning.builders import announced, planned, stage

pytestmark = pytest.mark.django_db


def test_a_told_event_stays_to_be_seen_and_its_sequence_rises_once() -> None:
    here = stage()
    event = announced(here.access())
    for _twice in range(2):
        cancel_event(access=here.access(), event=event)
    event.refresh_from_db()
    assert (event.state, event.sequence) == (EventState.CANCELLED, 1)
    assert event.cancelled_at is not None
    assert event in public_events()
    assert Activity.objects.filter(kind="event_cancelled").count() == 1


def test_one_that_was_only_planned_is_no_news_to_those_who_never_knew() -> None:
    here = stage()
    event = cancel_event(access=here.access(), event=planned(here.access()))
    assert (event.sequence, event.is_told) == (0, False)
    assert event in events_for(here.user("reviewer"))
    assert event not in events_for(here.user("observer"))
    told = Activity.objects.get(kind="event_cancelled")
    assert told in activity_for(here.user("reviewer"))
    assert told not in activity_for(here.user("observer"))


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not(role) -> None:
    here = stage()
    event = announced(here.access())
    with pytest.raises(NotAllowed):
        cancel_event(access=here.access(role), event=event)
