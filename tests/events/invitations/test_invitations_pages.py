"""Answering by link, answering on the desk, and the page of who is invited."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from coalition.accounts.models import Listing, Membership
from coalition.core.clock import now
from coalition.mail.outbox import deliver_due
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event, move_event
from events.core.enums import Answer, Visibility
from events.invitations.actions import GuestInput, invitation_token, invite_people, withdraw_invitation
from events.models import Event, EventInvitation
from tests.events.planning.builders import planned, press_conference, stage, times_from
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
GUEST = GuestInput("guest@tests.example", "Guest Gostova", "ru")


@pytest.fixture(autouse=True)
def before_the_event():
    with time_machine.travel(datetime.datetime(2026, 2, 1, 6, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def room():
    return stage()


@pytest.fixture
def conference(room) -> Event:
    return press_conference(room.access())


@pytest.fixture
def invitation(room, conference) -> EventInvitation:
    (made,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    return made


def link(invitation: EventInvitation) -> str:
    return reverse("calendar_answer", args=[invitation_token(invitation)])


def people_page(event: Event) -> str:
    return reverse("events:people", args=[event.uuid])


# --- by link ---------------------------------------------------------------------------------


def test_the_link_shows_and_only_the_button_acts(client, invitation) -> None:
    page = client.get(link(invitation))
    client.head(link(invitation))
    assert page.status_code == 200
    assert "Press conference on Article 123 ru" in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.answer == Answer.NONE


def test_it_speaks_the_language_of_the_mail(client, invitation) -> None:
    page = client.get(link(invitation), HTTP_ACCEPT_LANGUAGE="en")
    assert page["Content-Language"] == "ru"
    assert '<html lang="ru"' in page.content.decode()


def test_the_last_answer_counts(client, invitation) -> None:
    for answer in (Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED):
        said = client.post(link(invitation), {"answer": answer.value}, follow=True)
        assert said.status_code == 200
        invitation.refresh_from_db()
        assert invitation.answer == answer
    assert invitation.answered_at is not None


def test_an_answer_that_is_none_changes_nothing(client, invitation) -> None:
    for answer in ("", "NEEDS-ACTION", "<script>"):
        assert client.post(link(invitation), {"answer": answer}).status_code == 422
    invitation.refresh_from_db()
    assert invitation.answer == Answer.NONE


def test_forged_requests_are_refused(invitation) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(link(invitation), {"answer": "ACCEPTED"}).status_code == 403


def test_the_address_reaches_no_cache_search_or_other_site(client, invitation) -> None:
    page = client.get(link(invitation))
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    assert page["X-Robots-Tag"] == "noindex"


def test_a_link_that_does_not_count_is_like_one_that_never_was(client, room, invitation) -> None:
    never = client.get(reverse("calendar_answer", args=["x" * 43]))
    withdraw_invitation(access=room.access(), invitation=invitation)
    ended = client.get(link(invitation))
    assert (never.status_code, ended.status_code) == (404, 404)
    assert client.post(link(invitation), {"answer": "ACCEPTED"}).status_code == 404


def test_a_cancelled_event_says_so_and_takes_no_answer(client, room, conference, invitation) -> None:
    EventInvitation.objects.filter(pk=invitation.pk).update(language="en")
    cancel_event(access=room.access(), event=conference)
    page = client.get(link(invitation))
    assert "This event is cancelled." in page.content.decode()
    assert 'name="answer"' not in page.content.decode()
    assert client.post(link(invitation), {"answer": "ACCEPTED"}).status_code == 409
    invitation.refresh_from_db()
    assert invitation.answer == Answer.NONE


def test_after_the_event_no_answer_is_taken(client, invitation) -> None:
    with time_machine.travel(datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC)):
        assert client.post(link(invitation), {"answer": "ACCEPTED"}).status_code == 409


def test_the_page_says_that_the_event_changed_since(client, room, conference, invitation) -> None:
    EventInvitation.objects.filter(pk=invitation.pk).update(language="en")
    client.post(link(invitation), {"answer": "ACCEPTED"})
    assert "has changed since you answered" not in client.get(link(invitation)).content.decode()
    move_event(
        access=room.access(), event=conference, times=times_from("2026-03-03 12:00", "2026-03-03 13:00")
    )
    assert "has changed since you answered" in client.get(link(invitation)).content.decode()


def test_a_members_link_ends_with_their_membership(client, room) -> None:
    event = press_conference(room.access(), visibility=Visibility.WORKSPACE)
    person = room.user("reviewer")
    (invitation,) = invite_people(access=room.access(), event=event, people=[person])
    assert client.get(link(invitation)).status_code == 200
    Membership.objects.filter(person=person).update(ended_at=datetime.datetime.now(datetime.UTC))
    assert client.get(link(invitation)).status_code == 404


def test_the_page_names_nobody_else_who_is_invited(client, room, conference, invitation) -> None:
    other = GuestInput("other@tests.example", "Other Drugova", "en")
    invite_people(access=room.access(), event=conference, guests=[other], people=[room.user("reviewer")])
    page = client.get(link(invitation)).content.decode()
    assert GUEST.name in page
    for secret in (other.name, other.address, room.user("reviewer").name):
        assert secret not in page


# --- on the desk -----------------------------------------------------------------------------


def test_a_member_answers_on_the_desk(client_of, room, conference) -> None:
    person = room.user("reviewer")
    (invitation,) = invite_people(access=room.access(), event=conference, people=[person])
    said = client_of(person).post(
        reverse("events:answer", args=[conference.uuid]), {"answer": "ACCEPTED"}, follow=True
    )
    assert "Your answer is kept." in said.content.decode()
    assert "You are invited" in said.content.decode()
    invitation.refresh_from_db()
    assert invitation.answer == Answer.ACCEPTED


def test_nobody_answers_for_others(client_of, room, conference) -> None:
    (invitation,) = invite_people(access=room.access(), event=conference, people=[room.user("reviewer")])
    client_of(room.user("contributor")).post(
        reverse("events:answer", args=[conference.uuid]), {"answer": "ACCEPTED"}
    )
    invitation.refresh_from_db()
    assert invitation.answer == Answer.NONE


# --- who is invited --------------------------------------------------------------------------


def test_an_editor_invites_people_and_guests(client_of, room, conference) -> None:
    person = room.user("reviewer")
    said = client_of(room.user()).post(
        people_page(conference),
        {
            "people": [str(person.uuid)],
            "guests": "Aigerim Saparova <aigerim@tests.example>\n\nplain@tests.example\n",
            "language": "ru",
            "audience": "speakers",
        },
        follow=True,
    )
    page = said.content.decode()
    assert "3 invitations are on their way." in page
    assert "Aigerim Saparova" in page
    deliver_due()
    invitations = [one for one in mail.outbox if "text/calendar" in one.message().as_string()]
    assert {message.to[0] for message in invitations} == {
        person.email,
        "aigerim@tests.example",
        "plain@tests.example",
    }
    assert set(EventInvitation.objects.values_list("audience", flat=True)) == {"speakers"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"guests": "nobody"}, "This is no e-mail address: “nobody”."),
        ({"guests": "a@b.kz\r\nBcc: everyone"}, "This is no e-mail address"),
        ({}, "Choose somebody, or write an address."),
        ({"people": ["0190a4c0-0000-7000-8000-000000000000"]}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_invited_is_said(client_of, room, conference, given, said) -> None:
    answer = client_of(room.user()).post(people_page(conference), {"language": "ru", "audience": "", **given})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not EventInvitation.objects.exists()


def test_a_refusal_is_shown_and_what_was_typed_stays(client_of, room) -> None:
    event = planned(room.access(), handling=Handling.WORKSPACE)
    answer = client_of(room.user()).post(
        people_page(event), {"guests": "someone@tests.example", "language": "ru", "audience": ""}
    )
    assert answer.status_code == 422
    assert "handling mark" in answer.content.decode()
    assert "someone@tests.example" in answer.content.decode()


@pytest.mark.parametrize("leaves", ["the seat", "the organisation"])
def test_who_left_is_not_named_if_their_organisation_may_not_be(client_of, room, conference, leaves) -> None:
    hidden = room.take(
        "reviewer", name="hidden", organisation=OrganisationFactory(listing=Listing.CONFIDENTIAL)
    )
    hidden.person.name = "Hidden Secretova"
    hidden.person.save()
    invite_people(access=room.access(), event=conference, people=[hidden.person])
    client = client_of(room.user())
    assert hidden.person.name not in client.get(people_page(conference)).content.decode()
    if leaves == "the seat":
        hidden.ended_at = now()
        hidden.save()
    else:
        Membership.objects.filter(person=hidden.person).update(ended_at=now())
    page = client.get(people_page(conference)).content.decode()
    assert "No longer in this workspace" in page
    assert hidden.person.name not in page


def test_only_who_plans_events_sees_guests_and_invites(client_of, room, conference, invitation) -> None:
    page = client_of(room.user("reviewer")).get(people_page(conference)).content.decode()
    assert "A guest" in page
    assert GUEST.name not in page
    assert GUEST.address not in page
    refused = client_of(room.user("contributor")).post(
        people_page(conference), {"guests": "x@tests.example", "language": "ru", "audience": ""}
    )
    assert refused.status_code == 403
    shown = client_of(room.user()).get(people_page(conference)).content.decode()
    assert GUEST.name in shown


def test_outsiders_find_nothing(client_of, room) -> None:
    event = planned(room.access())
    outsider = stage().user("coordinator")
    (invitation,) = invite_people(access=room.access(), event=event, guests=[GUEST])
    browser = client_of(outsider)
    back = reverse("events:invitation_take_back", args=[event.uuid, invitation.uuid])
    assert browser.get(people_page(event)).status_code == 404
    assert browser.post(back).status_code == 404
    assert browser.post(reverse("events:answer", args=[event.uuid])).status_code == 404


def test_an_invitation_is_taken_back_after_asking(client_of, room, conference, invitation) -> None:
    browser = client_of(room.user())
    back = reverse("events:invitation_take_back", args=[conference.uuid, invitation.uuid])
    asked = browser.get(back)
    assert GUEST.name in asked.content.decode()
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    browser.post(back)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert browser.get(back).status_code == 404


def test_answers_are_counted(client, client_of, room, conference, invitation) -> None:
    client.post(link(invitation), {"answer": "ACCEPTED"})
    page = client_of(room.user()).get(people_page(conference))
    assert page.context["counts"] == [("approved", "Comes", 1)]
    move_event(
        access=room.access(), event=conference, times=times_from("2026-03-03 12:00", "2026-03-03 13:00")
    )
    page = client_of(room.user()).get(people_page(conference)).content.decode()
    assert "answered before the event changed" in page


def test_the_page_asks_as_often_whoever_is_invited(
    client_of, room, conference, django_assert_max_num_queries
) -> None:
    browser = client_of(room.user())
    browser.get(people_page(conference))
    invite_people(access=room.access(), event=conference, people=[room.user("reviewer")])
    with django_assert_max_num_queries(200) as one:
        browser.get(people_page(conference))
    invite_people(
        access=room.access(),
        event=conference,
        people=[room.user("contributor"), room.user("coordinator")],
        guests=[GUEST],
    )
    with django_assert_max_num_queries(len(one)):
        browser.get(people_page(conference))
