"""An invitation is read by calendars: what the mail carries, byte by byte."""

import email.policy
from email import message_from_bytes
from email.message import EmailMessage

import icalendar
import pytest
from django.core import mail
from django.db import connection

from coalition.accounts.models import Membership
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from tests.factories import MembershipFactory

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:one@tests.example
DTSTAMP:20260201T060000Z
DTSTART:20260303T060000Z
DTEND:20260303T070000Z
SEQUENCE:2
SUMMARY:Күш көрсетуге қарсы баспасөз мәслихаты: әрбір ұйым өз атынан
  сөйлейді
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def write(*, address: str = "", person=None, calendar: str = CALENDAR) -> None:
    outbox.queue_mail(
        key="k",
        template="workspaces/seat_given",
        language="en",
        person=person,
        address=address,
        context={"name": "Aigerim"},
        calendar=calendar,
        method="REQUEST" if calendar else "",
    )


def as_sent() -> EmailMessage:
    """The mail as the mail server gets it, read again from its bytes."""
    (sent,) = mail.outbox
    raw = sent.message(policy=email.policy.SMTP).as_bytes()
    read = message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.fixture
def read(db) -> EmailMessage:
    write(address="guest@tests.example")
    assert outbox.deliver_due() == 1
    return as_sent()


def test_words_and_calendar_are_alternatives_and_the_file_stands_beside(read) -> None:
    assert read.get_content_type() == "multipart/mixed"
    body, file = read.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    # The last alternative is the richest: what a calendar program acts on.
    assert [part.get_content_type() for part in body.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert file.get_content_type() == "application/ics"
    assert file.get_filename() == "invite.ics"
    assert file.get_content_disposition() == "attachment"


def test_the_part_says_the_method_that_its_calendar_holds(read) -> None:
    part = list(next(read.iter_parts()).iter_parts())[-1]
    assert part.get_param("method") == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    assert part.get_content_disposition() is None  # as an attachment, Outlook would show a file only
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert calendar["METHOD"] == "REQUEST"


def test_both_hold_the_same_calendar_with_the_line_ends_of_the_rfc(read) -> None:
    body, file = read.iter_parts()
    inline = list(body.iter_parts())[-1].get_payload(decode=True)
    attached = file.get_payload(decode=True)
    assert attached == CALENDAR.encode()
    assert inline.replace(b"\r\n", b"").count(b"\n") == 0
    assert inline == attached
    (event,) = icalendar.Calendar.from_ical(inline).walk("VEVENT")
    assert event["SUMMARY"].endswith("өз атынан сөйлейді")


@pytest.mark.django_db
def test_a_mail_without_calendar_is_as_before() -> None:
    write(address="guest@tests.example", calendar="")
    outbox.deliver_due()
    assert as_sent().get_content_type() == "multipart/alternative"
    assert b"calendar" not in mail.outbox[0].message().as_bytes()


@pytest.mark.django_db
def test_the_calendar_is_sealed_and_wiped_after_sending() -> None:
    write(address="guest@tests.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar FROM outbox_outboxmail")
        stored = cursor.fetchone()[0]
    assert stored
    assert "VEVENT" not in stored
    outbox.deliver_due()
    row = OutboxMail.objects.get()
    assert (row.state, row.calendar) == (OutboxMail.State.SENT, "")


@pytest.mark.django_db
def test_who_has_left_gets_no_invitation_and_nothing_stays() -> None:
    member = MembershipFactory()
    write(person=member.person.uuid)
    Membership.objects.filter(pk=member.pk).delete()
    outbox.deliver_due()
    assert mail.outbox == []
    row = OutboxMail.objects.get()
    assert (row.state, row.calendar) == (OutboxMail.State.DROPPED, "")
