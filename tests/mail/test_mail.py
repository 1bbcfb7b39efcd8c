"""Mail is written with its cause, sent once, tried again, and leaves nothing behind."""

import datetime
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from coalition.accounts.models import Membership
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.personal_data.store import ContactsAway
from tests.factories import MembershipFactory, UserFactory

LINK = "https://example.org/workspaces/x/"


def write(person=None, *, key="k", address="", language="en") -> None:
    outbox.queue_mail(
        key=key,
        template="workspaces/seat_given",
        language=language,
        person=person.uuid if person else None,
        address=address,
        context={"name": "Aigerim O'Neil", "button_url": LINK},
    )


@pytest.fixture
def person():
    return MembershipFactory().person


@pytest.mark.django_db
def test_it_is_sent_in_plain_text_and_simple_html(person) -> None:
    write(person)
    assert outbox.deliver_due() == 1
    (sent,) = mail.outbox
    assert sent.to == [person.email]
    assert "\n" not in sent.subject
    assert "Aigerim O'Neil" in sent.body
    assert LINK in sent.body
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    assert f'href="{LINK}"' in html
    assert "<img" not in html
    assert "Aigerim" not in sent.subject


@pytest.mark.django_db
def test_one_key_is_never_sent_twice(person) -> None:
    write(person)
    outbox.deliver_due()
    write(person)
    assert outbox.deliver_due() == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_key_that_somebody_writes_at_the_same_moment_is_one_mail() -> None:
    statements = []

    def write_first(execute, sql, params, many, context):
        statements.append(sql)
        if len(statements) == 2:  # between the look and the row
            write(key="k", address="first@b.example")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(write_first):
        write(key="k", address="second@b.example")
    assert len(statements) == 4  # two for each
    assert OutboxMail.objects.get().address == "first@b.example"


@pytest.mark.django_db
def test_address_and_context_are_sealed_and_wiped_after_sending() -> None:
    write(address="secret@tests.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, context FROM outbox_outboxmail")
        stored = "".join(cursor.fetchone())
    assert "secret" not in stored
    assert "Aigerim" not in stored
    outbox.deliver_due()
    row = OutboxMail.objects.get()
    assert (row.state, row.address, row.context) == (OutboxMail.State.SENT, "", {})


@pytest.mark.django_db
def test_people_who_have_left_get_nothing(person) -> None:
    write(person)
    Membership.objects.filter(person=person).update(ended_at=now())
    outbox.deliver_due()
    assert mail.outbox == []
    row = OutboxMail.objects.get()
    assert (row.state, row.context) == (OutboxMail.State.DROPPED, {})


@pytest.mark.django_db
def test_a_mail_server_that_is_away_loses_nothing(person, settings) -> None:
    broken = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    broken["default"]["OPTIONS"] = {"host": "127.0.0.1", "port": 9}
    working = settings.MAILERS
    write(person)
    settings.MAILERS = broken
    outbox.deliver_due()
    assert outbox.deliver_due() == 0  # not at once
    assert OutboxMail.objects.get().state == OutboxMail.State.WAITING
    settings.MAILERS = working
    with time_machine.travel(now() + datetime.timedelta(minutes=30)):
        assert outbox.deliver_due() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_worker_that_died_while_sending_holds_nothing_up(person) -> None:
    write(person)
    outbox._lease()
    assert outbox.deliver_due() == 0
    with time_machine.travel(now() + outbox.LEASE + datetime.timedelta(seconds=1)):
        assert outbox.deliver_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once() -> None:
    for number in range(20):
        write(key=str(number), address=f"p{number}@tests.example")

    def work() -> None:
        outbox.deliver_due()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(address for sent in mail.outbox for address in sent.to) == sorted(
        f"p{number}@tests.example" for number in range(20)
    )


@pytest.mark.django_db
def test_nothing_is_sent_for_what_was_rolled_back(person) -> None:
    def change() -> None:
        with transaction.atomic():
            write(person)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert outbox.deliver_due() == 0


@pytest.mark.django_db
def test_a_superuser_gets_mail_too() -> None:
    person = UserFactory(is_superuser=True)
    write(person)
    outbox.deliver_due()
    assert mail.outbox[0].to == [person.email]


@pytest.mark.django_db
def test_what_has_left_is_never_sent_again_because_contacts_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def ended(key: str, state: OutboxMail.State, error: str) -> None:
        told.append((key, state, error))
        if len(told) < 12:  # longer than due work is tried
            raise ContactsAway

    monkeypatch.setitem(
        outbox._categories, "letter", outbox.MailCategory(may_go=lambda _key: True, ended=ended)
    )
    write(key="letter:1", address="a@tests.example")
    outbox.deliver_due()
    row = OutboxMail.objects.get()
    assert (row.state, row.address, len(mail.outbox)) == (OutboxMail.State.SENT, "", 1)
    moment = now()
    for _hour in range(14):
        moment += datetime.timedelta(hours=1)
        with time_machine.travel(moment):
            assert outbox.deliver_due() == 0
            scheduler.run_due(worker="test")  # whoever wrote it hears of it later, and once
    assert len(mail.outbox) == 1
    assert told == [("letter:1", "sent", "")] * 12
