"""Who works in the workspace hears of an event that is announced, moved or cancelled."""

import datetime

import pytest
import time_machine

from coalition.accounts.naming import viewer_for
from coalition.mail.models import OutboxMail
from coalition.workspaces.notifications.deliver import describe_notifications
from coalition.workspaces.notifications.queries import notifications_for
from events.core.actions.plan import cancel_event, move_event
from events.core.enums import Visibility
from events.invitations.actions import invite_people
from tests.events.planning.builders import announced, planned, restrict, stage, times_from

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def before_the_event():
    with time_machine.travel(datetime.datetime(2026, 2, 1, 6, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def scene():
    return stage()


def inbox(person) -> list[str]:
    return [one.sentence for one in describe_notifications(viewer_for(person), notifications_for(person))]


def test_it_is_told_once_it_is_announced_and_not_while_it_is_planned(scene) -> None:
    event = planned(scene.access())
    observer, planner = scene.user("observer"), scene.user("editor")
    assert inbox(observer) == []
    event = announced(scene.access())
    assert len(inbox(observer)) == 1
    move_event(access=scene.access(), event=event, times=times_from("2026-03-04 11:00", "2026-03-04 12:00"))
    cancel_event(access=scene.access(), event=event)
    told = inbox(observer)
    assert ["cancelled" in told[0], "moved" in told[1], "announced" in told[2]] == [True] * 3
    assert ["announced" in one for one in inbox(planner)] == [True], "nothing of what they did themselves"


def test_what_is_for_some_organisations_is_told_to_them_alone(scene) -> None:
    event = announced(scene.access(), visibility=Visibility.WORKSPACE)
    hidden = scene.user("observer")
    restrict(scene.access(), event, [scene.access().organisation])
    assert inbox(hidden) == []
    cancel_event(access=scene.access(), event=event)
    assert inbox(hidden) == []


def test_who_is_invited_has_it_in_the_inbox_and_one_mail(scene) -> None:
    event = announced(scene.access())
    person = scene.user("reviewer")
    invite_people(access=scene.access(), event=event, people=[person])
    before = OutboxMail.objects.filter(person=person.uuid).count()
    move_event(access=scene.access(), event=event, times=times_from("2026-03-04 11:00", "2026-03-04 12:00"))
    assert "moved" in inbox(person)[0]
    mails = OutboxMail.objects.filter(person=person.uuid)
    assert mails.count() == before + 1
    assert mails.last().template == "events/invitation_changed"
