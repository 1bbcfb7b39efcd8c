"""Representatives hear when their organisation is asked to host, and of changes to what it hosts."""

import datetime

import pytest

from coalition.mail.models import OutboxMail
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.core.actions.plan import announce_event, cancel_event, move_event
from events.core.actions.times import set_hours
from events.core.enums import Visibility
from events.core.models import OpeningHours
from tests.events.planning.builders import announced, exhibition, planned, stage, times_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return stage()


def heard(template: str) -> list:
    return list(OutboxMail.objects.filter(template=f"events/{template}").values_list("person", flat=True))


def consented(scene, event):
    organisation = scene.organisation("reviewer")
    user = scene.representative(organisation)
    [row] = ask_co_hosts(access=scene.access(), event=event, organisations=[organisation])
    answer_co_host(user=user, co_host=row, consents=True)
    event.refresh_from_db()
    return user


def test_who_represents_it_is_written_to_once_when_it_is_asked(scene):
    event = planned(scene.access())
    organisation = scene.organisation("reviewer")
    user = scene.representative(organisation)
    for _ in range(2):
        ask_co_hosts(access=scene.access(), event=event, organisations=[organisation])
    assert heard("hosting_asked") == [user.uuid]
    kept = OutboxMail.objects.get(template="events/hosting_asked")
    assert str(event.uuid) in kept.context["button_url"]
    assert "Event" not in str(kept.context["name"])


def test_a_change_of_a_plan_is_no_mail(scene):
    event = planned(scene.access())
    consented(scene, event)
    cancel_event(access=scene.access(), event=event)
    assert heard("hosted_changed") == []


def test_every_change_of_what_is_told_is_a_mail(scene):
    event = announced(scene.access())
    user = consented(scene, event)
    move_event(access=scene.access(), event=event, times=times_from("2026-03-04 11:00", "2026-03-04 12:00"))
    assert heard("hosted_changed") == [user.uuid]
    move_event(access=scene.access(), event=event, times=times_from("2026-03-05 11:00", "2026-03-05 12:00"))
    cancel_event(access=scene.access(), event=event)
    assert heard("hosted_changed") == [user.uuid] * 3


def test_other_hours_are_a_change(scene):
    event = exhibition(scene.access())
    user = consented(scene, event)
    week = [OpeningHours(weekday=2, opens=datetime.time(12), closes=datetime.time(18))]
    set_hours(access=scene.access(), event=event, hours=week)
    assert heard("hosted_changed") == [user.uuid]


def test_to_be_named_to_more_people_is_a_change(scene):
    event = announced(scene.access(), visibility=Visibility.WORKSPACE)
    user = consented(scene, event)
    announce_event(access=scene.access("coordinator"), event=event, visibility=Visibility.PUBLIC)
    assert heard("hosted_changed") == [user.uuid]


def test_who_changes_it_does_not_write_to_themselves(scene):
    event = announced(scene.access("coordinator"))
    organisation = scene.organisation("editor")
    scene.representative(organisation)
    [row] = ask_co_hosts(access=scene.access("coordinator"), event=event, organisations=[organisation])
    answer_co_host(user=scene.representative(organisation), co_host=row, consents=True)
    cancel_event(access=scene.access("editor"), event=event)
    assert heard("hosted_changed") == []
