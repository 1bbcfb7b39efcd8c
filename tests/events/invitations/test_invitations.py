"""Invitations by mail: what calendars get, whom it reaches, and when."""

import datetime
import email.policy
from dataclasses import replace
from email import message_from_bytes

import icalendar
import pytest
import time_machine
from django.conf import settings
from django.core import mail

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from events.core.actions.plan import (
    announce_event,
    cancel_event,
    change_event,
    move_event,
    place_input_for,
    set_audience_times,
)
from events.core.enums import Answer, Audience, EventKind, Frequency, Visibility
from events.core.facts import RecurrenceRule
from events.invitations.actions import GuestInput, invitation_token, invite_people, withdraw_invitation
from events.models import Event, EventInvitation
from tests.events.planning.builders import exhibition, planned, press_conference, stage, texts_of, times_from

pytestmark = pytest.mark.django_db
GUEST = GuestInput("guest@tests.example", "Guest Gostova", "en")


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


def sent() -> list[tuple[str, icalendar.Calendar]]:
    """Every invitation that goes out now: its address, and the calendar as a mail program reads it.

    Other mails, such as those about what waits in an inbox, are left out of Django's outbox too.
    """
    mail.outbox.clear()
    deliver_due()
    mail.outbox[:] = [one for one in mail.outbox if "text/calendar" in one.message().as_string()]
    found = []
    for message in mail.outbox:
        read = message_from_bytes(
            message.message(policy=email.policy.SMTP).as_bytes(), policy=email.policy.default
        )
        (part,) = [one for one in read.walk() if one.get_content_type() == "text/calendar"]
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        assert part.get_param("method") == calendar["METHOD"]
        found.append((message.to[0], calendar))
    return found


def the_event(calendar: icalendar.Calendar) -> icalendar.Event:
    (event,) = calendar.walk("VEVENT")
    return event


def later(**passed: float):
    return time_machine.travel(now() + datetime.timedelta(**passed))


def move(room, event: Event, starts: str = "2026-03-03 11:30", ends: str = "2026-03-03 12:30") -> Event:
    return move_event(access=room.access(), event=event, times=times_from(starts, ends))


def reword(room, event: Event, **given: object) -> Event:
    """Other words, and what is given."""
    event.refresh_from_db()
    return change_event(
        access=room.access(),
        event=event,
        kind=EventKind(event.kind),
        texts={code: replace(words, title="Other words") for code, words in texts_of().items()},
        place=place_input_for(event),
        handling=Handling(event.handling),
        **given,
    )


def test_a_guest_is_invited_by_a_mail_of_their_own(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST], people=[room.user("reviewer")])
    by_address = dict(sent())
    assert set(by_address) == {GUEST.address, room.user("reviewer").email}
    calendar = by_address[GUEST.address]
    event = the_event(calendar)
    assert calendar["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == f"mailto:{settings.CALENDAR_ADDRESS}"
    assert event["ATTENDEE"] == f"mailto:{GUEST.address}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event.decoded("DTSTART").astimezone(datetime.UTC).hour == 6
    assert event["DTSTART"].params["TZID"] == "Asia/Almaty"
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert event["STATUS"] == "CONFIRMED"


def test_the_organiser_of_the_calendar_sends_the_mail(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    deliver_due()
    assert settings.CALENDAR_ADDRESS in mail.outbox[0].from_email


def test_nobody_learns_who_else_is_invited(room, conference) -> None:
    other = GuestInput("other@tests.example", "Other Drugova", "en")
    invite_people(access=room.access(), event=conference, guests=[GUEST, other])
    sent()
    for message in mail.outbox:
        (to,) = message.to
        strange = other if to == GUEST.address else GUEST
        raw = message.message().as_string() + message.body
        assert strange.address not in raw
        assert strange.name not in raw


def test_the_mail_is_in_the_language_of_the_invited(room, conference) -> None:
    invite_people(
        access=room.access(), event=conference, guests=[GuestInput("a@tests.example", language="ru")]
    )
    ((_to, calendar),) = sent()
    assert the_event(calendar)["SUMMARY"].endswith("ru")
    assert "Press conference on Article 123 ru" in mail.outbox[0].body


def test_the_link_is_in_the_mail_and_only_its_hash_in_the_database(room, conference) -> None:
    (invitation,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    assert len(sent()) == 1
    token = invitation_token(invitation)
    assert f"/calendar/answers/{token}/" in mail.outbox[0].body
    kept = EventInvitation.objects.filter(pk=invitation.pk).values()[0]
    assert token not in str(kept)
    assert kept["token_hash"] == hash_token(token)


def test_the_calendar_holds_no_link_to_answer(room, conference) -> None:
    (invitation,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    ((_to, calendar),) = sent()
    assert invitation_token(invitation).encode() not in calendar.to_ical().replace(b"\r\n ", b"")


def test_an_update_replaces_the_invitation(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    ((_to, first),) = sent()
    with later(minutes=5):
        move(room, conference)
        ((to, second),) = sent()
    old, new = the_event(first), the_event(second)
    assert to == GUEST.address
    assert second["METHOD"] == "REQUEST"
    assert new["UID"] == old["UID"]
    assert new["ORGANIZER"] == old["ORGANIZER"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new.decoded("DTSTAMP") > old.decoded("DTSTAMP")
    assert new.decoded("DTSTART") - old.decoded("DTSTART") == datetime.timedelta(minutes=30)
    assert "11:00" in mail.outbox[0].body
    assert "11:30" in mail.outbox[0].body


def test_other_words_alone_are_no_mail(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    sent()
    reword(room, conference)
    assert sent() == []


def test_one_mail_a_person_and_change(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    sent()
    move(room, conference)
    reword(room, conference)
    assert len(sent()) == 1


def test_a_cancelled_event_leaves_the_calendar(room, conference) -> None:
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    ((_to, first),) = sent()
    with later(minutes=5):
        cancel_event(access=room.access(), event=conference)
        ((to, second),) = sent()
    old, new = the_event(first), the_event(second)
    assert (to, second["METHOD"], new["STATUS"]) == (GUEST.address, "CANCEL", "CANCELLED")
    assert new["UID"] == old["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new["ATTENDEE"] == f"mailto:{GUEST.address}"
    assert "/calendar/answers/" not in mail.outbox[0].body


def test_a_withdrawn_invitation_leaves_the_calendar_of_that_person_alone(room, conference) -> None:
    invitations = invite_people(
        access=room.access(), event=conference, guests=[GUEST, GuestInput("other@tests.example", "O", "en")]
    )
    sent()
    with later(minutes=5):
        withdraw_invitation(access=room.access(), invitation=invitations[0])
        withdraw_invitation(access=room.access(), invitation=invitations[0])
        ((to, calendar),) = sent()
    event = the_event(calendar)
    assert (to, calendar["METHOD"], event["STATUS"]) == (GUEST.address, "CANCEL", "CANCELLED")
    assert not str(event["SUMMARY"]).startswith("Cancelled")
    assert "DESCRIPTION" not in event
    conference.refresh_from_db()
    reword(room, conference)
    assert sent() == []  # for the other one nothing has changed


def test_whoever_was_withdrawn_can_be_invited_again(room, conference) -> None:
    (first,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    withdraw_invitation(access=room.access(), invitation=first)
    ((_to, request), (_, cancel)) = sent()
    with later(minutes=5):
        (second,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
        ((_to, again),) = sent()
    assert invitation_token(first) != invitation_token(second)
    assert the_event(cancel)["SEQUENCE"] > the_event(request)["SEQUENCE"]
    # A calendar takes it in again: not older than the cancellation.
    assert the_event(again)["SEQUENCE"] >= the_event(cancel)["SEQUENCE"]
    assert the_event(again).decoded("DTSTAMP") > the_event(cancel).decoded("DTSTAMP")


def test_inviting_twice_is_once(room, conference) -> None:
    person = room.user("reviewer")
    invite_people(access=room.access(), event=conference, people=[person], guests=[GUEST])
    again = invite_people(
        access=room.access(),
        event=conference,
        people=[person, person],
        guests=[GuestInput("GUEST@tests.example")],
    )
    assert again == []
    assert len(sent()) == 2


def test_a_speaker_comes_earlier(room, conference) -> None:
    set_audience_times(
        access=room.access(), event=conference, times={Audience.SPEAKERS: datetime.time(10, 15)}
    )
    conference.refresh_from_db()
    invite_people(access=room.access(), event=conference, guests=[GUEST], audience=Audience.SPEAKERS)
    ((_to, calendar),) = sent()
    local = the_event(calendar).decoded("DTSTART")
    assert (local.hour, local.minute) == (10, 15)
    assert "10:15" in mail.outbox[0].body
    assert "For everyone else it begins at 11:00." in mail.outbox[0].body


def test_an_exhibition_is_an_invitation_to_its_opening(room) -> None:
    event = exhibition(room.access())
    invite_people(access=room.access(), event=event, guests=[GUEST])
    ((_to, calendar),) = sent()
    told = the_event(calendar)
    assert told.decoded("DTEND") - told.decoded("DTSTART") == datetime.timedelta(hours=2)
    assert "RRULE" not in told


def test_what_comes_again_is_one_invitation(room) -> None:
    event = planned(room.access(), rule=RecurrenceRule(Frequency.WEEKLY))
    invite_people(access=room.access(), event=event, guests=[GUEST])
    ((_to, calendar),) = sent()
    assert the_event(calendar)["RRULE"]["FREQ"] == ["WEEKLY"]
    assert len({one["UID"] for one in calendar.walk("VEVENT")}) == 1


def test_people_invited_to_a_planned_event_hear_when_it_moves_and_is_announced(room) -> None:
    event = press_conference(room.access(), visibility=None)
    invite_people(access=room.access(), event=event, people=[room.user("contributor")])
    ((_to, first),) = sent()
    assert the_event(first)["STATUS"] == "TENTATIVE"
    reword(room, event, times=times_from("2026-03-04 11:00", "2026-03-04 12:00"))
    ((_to, second),) = sent()
    event.refresh_from_db()
    announce_event(access=room.access("coordinator"), event=event, visibility=Visibility.PUBLIC)
    ((_to, third),) = sent()
    sequences = [the_event(one)["SEQUENCE"] for one in (first, second, third)]
    assert sequences == sorted(set(sequences))
    assert the_event(third)["STATUS"] == "CONFIRMED"


def test_the_answer_stands_in_the_update(room, conference) -> None:
    (invitation,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    EventInvitation.objects.filter(pk=invitation.pk).update(answer=Answer.ACCEPTED)
    sent()
    move(room, conference)
    ((_to, calendar),) = sent()
    assert the_event(calendar)["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_who_has_left_the_workspace_hears_no_more_of_it(room) -> None:
    event = press_conference(room.access(), visibility=Visibility.WORKSPACE)
    leaver, stayer = room.user("reviewer"), room.user("contributor")
    invite_people(access=room.access(), event=event, people=[leaver, stayer])
    assert len(sent()) == 2
    room.seats["reviewer"].ended_at = now()
    room.seats["reviewer"].save()
    move(room, event)
    assert [to for to, _calendar in sent()] == [stayer.email]


def test_who_has_left_the_coalition_gets_not_even_what_waits(room, conference) -> None:
    person = room.user("reviewer")
    invite_people(access=room.access(), event=conference, people=[person])
    Membership.objects.filter(person=person).update(ended_at=now())
    assert sent() == []


def test_a_withheld_organiser_is_not_named_in_mail() -> None:
    room = stage()
    organisation = room.organisation()
    organisation.listing, organisation.slug = "withheld", None
    organisation.save()
    event = planned(room.access())
    invite_people(access=room.access(), event=event, people=[room.user("reviewer")])
    sent()
    raw = mail.outbox[0].message().as_string() + mail.outbox[0].body
    assert "whose name is withheld" in mail.outbox[0].body
    for name in (organisation.name_kk, organisation.name_ru, organisation.name_en):
        assert name not in raw


def test_the_title_of_what_is_not_public_stands_in_no_subject(room, conference) -> None:
    internal = planned(room.access(), title="Secret meeting")
    invite_people(access=room.access(), event=internal, guests=[GUEST])
    invite_people(access=room.access(), event=conference, guests=[GUEST])
    sent()
    subjects = sorted(message.subject for message in mail.outbox)
    assert subjects == ["An invitation", "Invitation: Press conference on Article 123 en"]


def test_who_may_not_change_the_event_invites_nobody(room, conference) -> None:
    for role in ("observer", "reviewer", "contributor"):
        with pytest.raises(NotAllowed):
            invite_people(access=room.access(role), event=conference, guests=[GUEST])
    (invitation,) = invite_people(access=room.access(), event=conference, guests=[GUEST])
    with pytest.raises(NotAllowed):
        withdraw_invitation(access=room.access("contributor"), invitation=invitation)


def test_marks_keep_an_event_from_guests(room) -> None:
    inside = planned(room.access(), handling=Handling.WORKSPACE)
    with pytest.raises(Refused, match="handling mark"):
        invite_people(access=room.access(), event=inside, guests=[GUEST])
    closed = planned(room.access(), restricted_to=(room.organisation(),))
    with pytest.raises(Refused, match="only for some organisations"):
        invite_people(access=room.access(), event=closed, guests=[GUEST])
    with pytest.raises(Refused, match="may not see this event"):
        invite_people(access=room.access(), event=closed, people=[room.user("reviewer")])
    assert sent() == []


def test_observers_are_not_invited_to_what_they_may_not_see_yet(room) -> None:
    event = planned(room.access())
    with pytest.raises(Refused, match="may not see this event"):
        invite_people(access=room.access(), event=event, people=[room.user("observer")])


def test_nobody_is_invited_to_what_is_cancelled_or_over(room, conference) -> None:
    access = room.access()
    after = time_machine.travel(datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC))
    with after, pytest.raises(Refused, match="over"):
        invite_people(access=access, event=conference, guests=[GUEST])
    cancel_event(access=room.access(), event=conference)
    with pytest.raises(Refused, match="cancelled"):
        invite_people(access=room.access(), event=conference, guests=[GUEST])
