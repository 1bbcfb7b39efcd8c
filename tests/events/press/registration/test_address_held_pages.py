"""An address that is only for the confirmed: no way out tells it to anybody else, and every way follows when
that is changed."""

import re

import pytest
import time_machine
from django.core import mail as sent_mail
from django.test import Client
from django.urls import reverse

from coalition.mail.outbox import deliver_due
from events.core.enums import Answer, PressState
from events.core.journalists import PRESS
from events.core.queries import prefetch_event_details, public_events
from events.feeds.actions import create_feed
from events.invitations.actions import GuestInput, answer_invitation, invitation_token, invite_people
from events.models import Event, EventInvitation, PressGuest
from events.press.messages import build_press_message, messenger_messages
from events.press.registration.actions import (
    answer_press_guest,
    confirm_press_address,
    open_to_press,
    request_press_place,
)
from events.production.safety.actions import write_safety_plan
from home.models import SearchItem
from tests.conftest import sign_in
from tests.events.planning.builders import press_conference, stage, texts_of
from tests.events.press.builders import known, sent
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LANGUAGES = ("kk", "ru", "en")
SECRETS = ("Canaryplace", "Canaryaddress", "Canarynotes", "canarymap")
LISTS = ("", "month/?on=2026-03", "agenda/?on=2026-03-01", "map/", "?region=KZ-75")


@pytest.fixture(autouse=True)
def _first_of_march():
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here) -> Event:
    texts = texts_of("Held", place="Canaryplace", address="Canaryaddress", access_notes="Canarynotes")
    made = press_conference(here.access("coordinator"), texts=texts)
    Event.objects.filter(pk=made.pk).update(map_link="https://map.example/canarymap")
    made.refresh_from_db()
    return made


def hold_address(here, event, *, held: bool = True) -> None:
    write_safety_plan(access=here.access("coordinator"), event=event, address_for_confirmed=held)
    event.refresh_from_db()


def addresses(event) -> list[str]:
    """Everything that anybody may read of the event."""
    pages = (*LISTS, f"{event.slug}/", f"{event.slug}/press/")
    feeds = (
        "/calendar.ics",
        "/calendar/kinds/press-conference.ics",
        f"/calendar/organisations/{event.organisation.slug}.ics",
        f"/calendar/events/{event.uuid}.ics",
    )
    found = [f"/{code}/events/{path}" for code in LANGUAGES for path in pages]
    found += [f"{path}?language={code}" for code in LANGUAGES for path in feeds]
    return [*found, *(f"/{code}/search/?q=Held" for code in LANGUAGES), *(f"/{code}/" for code in LANGUAGES)]


def read(client: Client, address: str) -> str:
    """What stands there; lines of a calendar put together."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode().replace("\r\n ", "")


def telling(client: Client, event) -> set[str]:
    """The addresses that tell something of the place."""
    return {one for one in addresses(event) if any(secret in read(client, one) for secret in SECRETS)}


def found_by(client: Client, event, word: str) -> bool:
    return event.slug in read(client, f"/en/search/?q={word}")


def test_no_public_way_tells_it_and_all_follow_when_that_changes(client, here, event, site) -> None:
    open_to_press(access=here.access("coordinator"), event=event, places=9, per_outlet=9)
    told_before = telling(client, event)
    assert {f"/kk/events/{event.slug}/", "/calendar.ics?language=ru", "/en/events/"} <= told_before
    assert found_by(client, event, "Canaryaddress")
    version = client.get(f"/calendar/events/{event.uuid}.ics")["ETag"]
    hold_address(here, event)
    assert telling(client, event) == set()
    assert not found_by(client, event, "Canaryaddress")
    assert not any(
        secret in f"{row.text}{row.text_tokens}" for row in SearchItem.objects.all() for secret in SECRETS
    )
    page = read(client, f"/en/events/{event.slug}/")
    assert "The address is told to those who are confirmed." in page
    assert '"addressRegion": "Almaty"' in page
    held = read(client, f"/calendar/events/{event.uuid}.ics?language=en")
    assert re.search(r"LOCATION[^:]*:Almaty\r", held)
    assert client.get(f"/calendar/events/{event.uuid}.ics")["ETag"] != version
    hold_address(here, event, held=False)
    assert telling(client, event) == told_before
    assert found_by(client, event, "Canaryaddress")


def test_the_press_is_told_the_region_until_a_place_is_confirmed(here, event) -> None:
    hold_address(here, event)
    access = here.access("coordinator")
    registration = open_to_press(access=access, event=event, places=9, per_outlet=9, by_hand=True)
    asking = {"name": "A", "outlet": "A TV", "address": "a@tv.example", "language": "en"}
    request_press_place(registration=registration, **asking)
    guest = PressGuest.objects.get()
    link = reverse("press_registration_link", args=[PRESS.token(guest)])
    confirm_press_address(guest=guest)
    deliver_due()
    assert sent_mail.outbox
    assert not any(secret in _all_of(sent_mail.outbox) for secret in SECRETS)
    assert not any(secret in Client().get(link).content.decode() for secret in SECRETS)
    sent_mail.outbox.clear()
    answer_press_guest(access=access, guest=guest, answer=PressState.CONFIRMED)
    deliver_due()
    assert all(secret in _all_of(sent_mail.outbox) for secret in SECRETS)
    assert "Canaryaddress" in Client().get(link).content.decode()
    answer_press_guest(access=access, guest=guest, answer=PressState.FULL)
    assert not any(secret in Client().get(link).content.decode() for secret in SECRETS)


def test_mail_to_the_press_and_messages_tell_the_region(here, event) -> None:
    hold_address(here, event)
    access = here.access("coordinator")
    sent(access, event, [known(access)])
    deliver_due()
    assert sent_mail.outbox
    words = _all_of(sent_mail.outbox)
    shown = prefetch_event_details(public_events()).get()
    words += "".join(build_press_message(shown, code).where for code in LANGUAGES)
    words += "".join(one.text for one in messenger_messages(shown, "en"))
    assert not any(secret in words for secret in SECRETS)
    assert "Almaty" in words


def test_who_is_invited_is_told_once_they_say_that_they_come(client, here, event) -> None:
    hold_address(here, event)
    access = here.access("coordinator")
    [invitation] = invite_people(
        access=access, event=event, guests=[GuestInput("g@guest.example", "G", "en")]
    )
    deliver_due()
    link = reverse("calendar_answer", args=[invitation_token(invitation)])
    assert not any(secret in _all_of(sent_mail.outbox) for secret in SECRETS)
    assert not any(secret in client.get(link).content.decode() for secret in SECRETS)
    sent_mail.outbox.clear()
    answer_invitation(invitation=invitation, answer=Answer.DECLINED)
    deliver_due()
    assert not sent_mail.outbox
    answer_invitation(invitation=invitation, answer=Answer.ACCEPTED)
    deliver_due()
    [message] = sent_mail.outbox
    assert message.subject.startswith("Where it is")
    assert all(secret in _all_of([message]) for secret in SECRETS)
    assert "Canaryaddress" in client.get(link).content.decode()
    sent_mail.outbox.clear()
    answer_invitation(invitation=invitation, answer=Answer.ACCEPTED)
    deliver_due()
    assert not sent_mail.outbox


def test_no_mail_tells_an_address_that_is_for_all(here, event) -> None:
    access = here.access("coordinator")
    [invitation] = invite_people(
        access=access, event=event, guests=[GuestInput("g@guest.example", "G", "en")]
    )
    deliver_due()
    sent_mail.outbox.clear()
    answer_invitation(invitation=invitation, answer=Answer.ACCEPTED)
    deliver_due()
    assert not sent_mail.outbox


def test_members_of_other_rooms_read_the_region_and_those_who_work_on_it_the_place(here, event) -> None:
    hold_address(here, event)
    stranger = MembershipFactory().person
    outside, inside = sign_in(Client(), stranger), sign_in(Client(), here.user("observer"))
    desk = event.get_absolute_url()
    for address in (desk, reverse("events:calendar"), f"{desk}event.ics", "/en/search/?q=Held"):
        answer = outside.get(address)
        content = answer.content.decode()
        assert not any(secret in content for secret in SECRETS), address
    assert all(secret in inside.get(desk).content.decode() for secret in SECRETS)
    _feed, token = create_feed(person=stranger, name="All", language="en", with_public=True)
    feed = outside.get(reverse("calendar_private", args=[token])).content.decode()
    assert "Held" in feed
    assert not any(secret in feed for secret in SECRETS)
    _feed, token = create_feed(person=here.user("observer"), name="All", language="en")
    assert "Canaryplace" in inside.get(reverse("calendar_private", args=[token])).content.decode()
    EventInvitation.objects.create(
        event=event,
        person=stranger,
        answer=Answer.ACCEPTED,
        token_hash="x",
        invited_at=event.changed_at,
    )
    _feed, token = create_feed(person=stranger, name="Mine", language="en", with_public=True)
    assert "Canaryplace" in outside.get(reverse("calendar_private", args=[token])).content.decode()


def _all_of(messages) -> str:
    """Subject, words and calendar of these mails, with lines of the calendar put together."""
    found = []
    for one in messages:
        parts = [one.subject, one.body, *(str(part.content) for part in one.alternatives)]
        parts += [str(part) for part in one.attachments]
        found.append("\n".join(parts).replace("\r\n ", ""))
    return "".join(found)
