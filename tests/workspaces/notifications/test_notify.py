"""Whom it concerns has it in their inbox, as long as they may see what it is about."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from coalition.accounts.models import Membership, User
from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.deliver import describe_notifications as in_words
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.notifications.queries import notifications_for, unread_of
from coalition.workspaces.permissions import access_to
from tests.factories import FreezeFactory, MembershipFactory, OrganisationFactory, seat

pytestmark = pytest.mark.django_db

NEWS, ASKS = "news_of_tests", "asks_of_tests"


def inbox(person: User) -> list[str]:
    return [one.sentence for one in in_words(viewer_for(person), notifications_for(person))]


def test_it_stands_in_the_inbox_of_each_and_not_of_who_did_it(tell) -> None:
    here = seat(role=SeatRole.EDITOR)
    other = seat(workspace=here.workspace)
    rows = tell(
        here.person, other.person, other.person, here=here, actor=here.person, organisation=here.organisation
    )
    assert [row.person for row in rows] == [other.person]
    assert inbox(other.person) == [f"{here.person.name} changed “{here.workspace.title}”."]
    assert inbox(here.person) == []


def test_titles_and_names_are_read_when_it_is_shown(tell) -> None:
    here = seat(role=SeatRole.EDITOR)
    reader = seat(workspace=here.workspace)
    tell(reader.person, here=here, kind=ASKS, actor=here.person, organisation=here.organisation)
    here.workspace.title = "Another title"
    here.workspace.save()
    here.organisation.listing = "confidential"
    here.organisation.save()
    (sentence,) = inbox(reader.person)
    assert "Another title" in sentence
    assert here.person.name not in sentence
    assert here.organisation.name_in("en") not in sentence
    assert "name" not in Notification.objects.get().detail


@pytest.mark.parametrize("way", ["seat", "membership", "freeze", "account"])
def test_who_may_not_see_the_subject_any_more_sees_nothing_of_it(way, tell) -> None:
    here = seat(role=SeatRole.COORDINATOR)
    reader = seat(workspace=here.workspace)
    MembershipFactory(person=reader.person)
    tell(reader.person, here=here)
    assert unread_of(reader.person).count() == 1
    if way == "seat":
        seats.end_seat(access=access_to(here.person, here.workspace.uuid), seat=reader)
    elif way == "membership":
        Membership.objects.filter(organisation=reader.organisation).update(ended_at=timezone.now())
    elif way == "freeze":
        FreezeFactory(organisation=reader.organisation, frozen_at=timezone.now())
    else:
        reader.person.is_active = False
        reader.person.save()
    assert not notifications_for(reader.person).exists()


def test_who_has_left_and_who_is_not_meant_is_told_nothing(tell) -> None:
    here = seat(role=SeatRole.EDITOR)
    gone = seat(workspace=here.workspace)
    Membership.objects.filter(person=gone.person).update(ended_at=timezone.now())
    other = seat(workspace=here.workspace)
    assert tell(gone.person, here=here) == []
    assert tell(other.person, here=here, restricted_to=[here.organisation]) == []
    assert [one.person for one in tell(other.person, here=here, restricted_to=[other.organisation])]
    assert tell(here=here, restricted_to=[OrganisationFactory()]) == []


def test_what_is_about_drafts_is_not_told_to_observers(tell) -> None:
    observer = seat(role=SeatRole.OBSERVER)
    reviewer = seat(workspace=observer.workspace, role=SeatRole.REVIEWER)
    tell(observer.person, reviewer.person, here=observer, needs_drafts=True)
    assert not notifications_for(observer.person).exists()
    assert notifications_for(reviewer.person).exists()


def test_several_within_an_hour_are_one_with_a_count(tell) -> None:
    here = seat(role=SeatRole.EDITOR)
    reader = seat(workspace=here.workspace)
    begun = now()
    for minutes in (0, 30, 80):
        with time_machine.travel(begun + datetime.timedelta(minutes=minutes), tick=False):
            tell(reader.person, here=here, actor=here.person)
    assert inbox(reader.person) == [f"“{here.workspace.title}” was changed 3 times."]
    with time_machine.travel(begun + datetime.timedelta(minutes=150), tick=False):
        tell(reader.person, here=here, actor=here.person)
    assert notifications_for(reader.person).count() == 2
    unread_of(reader.person).update(read_at=now())
    tell(reader.person, here=here, actor=here.person)
    assert unread_of(reader.person).count() == 1


def test_what_asks_is_never_put_together(tell) -> None:
    here = seat(role=SeatRole.EDITOR)
    reader = seat(workspace=here.workspace)
    for _time in range(2):
        tell(reader.person, here=here, kind=ASKS, actor=here.person)
    assert notifications_for(reader.person).count() == 2


def test_the_same_key_is_told_once(tell) -> None:
    here = seat()
    for _time in range(2):
        tell(here.person, here=here, kind=ASKS, once="a key")
    other = seat(workspace=here.workspace)
    assert [row.person for row in tell(here.person, other.person, here=here, kind=ASKS, once="a key")] == [
        other.person
    ]


@pytest.mark.parametrize("wrong", [{"kind": "unknown"}, {"subject_kind": "unknown"}])
def test_what_nobody_has_registered_cannot_be_tell(wrong) -> None:
    here = seat()
    words = {"kind": NEWS, "subject_kind": "workspace", "subject": here.workspace.uuid, **wrong}
    with pytest.raises(LookupError):
        notify(people=[here.person], workspace=here.workspace, actor=None, organisation=None, **words)


def test_a_kind_that_is_gone_since_does_not_break_the_page(tell) -> None:
    here = seat()
    tell(here.person, here=here)
    Notification.objects.update(kind="no_longer_known", detail={"about": str(here.uuid)})
    assert inbox(here.person) == ["Something changed in this workspace."]
