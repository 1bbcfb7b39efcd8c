"""The events that the other tests stand on are there as their docstrings say."""

import pytest

from events.core.enums import EventState
from events.core.queries import prefetch_event_details, public_events
from tests.events.planning.builders import exhibition, planned, press_conference, stage

pytestmark = pytest.mark.django_db


def test_press_conference_and_exhibition_are_public_and_a_planned_one_is_not() -> None:
    here = stage()
    shown = {press_conference(here.access()).pk, exhibition(here.access()).pk}
    hidden = planned(here.access())
    assert {event.pk for event in prefetch_event_details(public_events())} == shown
    assert hidden.state == EventState.PLANNED
