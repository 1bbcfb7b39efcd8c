"""Mail that comes back is told to whom it was written for; nobody can say it of another one's mail."""

import io
import sys
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
import time_machine
from django.core import mail as sent_mail
from django.core.management import call_command

from coalition.core.clock import now
from coalition.mail.bounces import LARGEST, LOOKBACK, process_bounce
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from events.press.mailings.presenters import letter_rows
from events.press.models import LetterState
from tests.events.press.builders import desk, known, public_event, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


@pytest.fixture
def desk_of_press():
    return desk()


@pytest.fixture
def letters(desk_of_press):
    """Two letters that the mail server took; what it was given."""
    access = desk_of_press.access("officer")
    event = public_event(desk_of_press.access("coordinator"))
    mail_out = sent(access, event, [known(access, 1), known(access, 2)])
    sent_mail.outbox.clear()
    deliver_due()
    return mail_out


def report(about: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True) -> bytes:
    """What a mail server sends back (RFC 3464): words, fields, and the mail or its heads."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"], made["Subject"] = "MAILER-DAEMON@outlet.example", "Undelivered"
    made.attach(MIMEText("It could not be delivered."))
    fields = Message()
    fields.set_type("message/delivery-status")
    first, second = Message(), Message()
    first["Reporting-MTA"] = "dns; outlet.example"
    second["Final-Recipient"] = "rfc822; somebody@outlet.example"
    second["Action"], second["Status"] = action, status
    fields.set_payload([first, second])
    made.attach(fields)
    if whole:
        back, inner = Message(), EmailMessage()
        inner["Message-ID"], inner["Subject"] = about, "Press conference"
        inner.set_content("words")
        back.set_type("message/rfc822")
        back.set_payload([inner])
        made.attach(back)
    else:
        heads = MIMEText(f"Subject: Press conference\nMessage-ID: {about}\n", "rfc822-headers")
        made.attach(heads)
    return made.as_bytes()


def states(mail_out) -> list[str]:
    return list(mail_out.letters.order_by("pk").values_list("state", flat=True))


def ids() -> list[str]:
    return [one.extra_headers["Message-ID"] for one in sent_mail.outbox if "outlet" in one.to[0]]


@pytest.mark.parametrize("whole", [True, False], ids=["mail", "heads"])
def test_a_mail_that_came_back_is_told_at_its_letter(desk_of_press, letters, whole) -> None:
    assert states(letters) == [LetterState.SENT] * 2
    assert process_bounce(report(ids()[1], whole=whole))
    assert states(letters) == [LetterState.SENT, LetterState.REFUSED]
    rows = letter_rows(desk_of_press.access("officer"), letters)
    assert "came back" in rows[1]["why"]
    assert "5.1.1" in rows[1]["why"]
    assert rows[0]["why"] == ""
    assert not process_bounce(report(ids()[1], whole=whole))  # twice is once


@pytest.mark.parametrize(
    "raw",
    [
        report("<0000000000000000000000000000000000000000@tests.example>"),
        report("<somebody-elses@tests.example>"),
        b"Subject: hello\r\n\r\nI am on holiday.",
        b"",
        b"\xff\x00\xfe" * 1000,
    ],
    ids=["unknown", "foreign", "holiday", "empty", "noise"],
)
def test_what_is_no_report_about_our_mail_changes_nothing(letters, raw) -> None:
    assert not process_bounce(raw)
    assert states(letters) == [LetterState.SENT] * 2


@pytest.mark.parametrize(
    "given", [{"action": "delayed", "status": "4.4.1"}, {"action": "delivered", "status": "2.0.0"}]
)
def test_what_is_still_tried_or_arrived_has_not_come_back(letters, given) -> None:
    assert not process_bounce(report(ids()[0], **given))
    assert states(letters) == [LetterState.SENT] * 2


def test_a_report_is_not_believed_for_ever_nor_read_without_end(letters) -> None:
    late = now() + LOOKBACK
    with time_machine.travel(late, tick=False):
        assert not process_bounce(report(ids()[0]))
    assert not process_bounce(b"x" * LARGEST + report(ids()[0]))
    assert states(letters) == [LetterState.SENT] * 2


def test_a_mail_server_hands_it_over_on_standard_input(letters, monkeypatch, capsys) -> None:
    for raw, said in ((report(ids()[0]), "Noted."), (b"noise", "This is no report about a mail of ours.")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("take_bounce")
        assert capsys.readouterr().out.strip() == said
    assert states(letters)[0] == LetterState.REFUSED
    assert OutboxMail.objects.filter(error="came back 5.1.1").count() == 1
