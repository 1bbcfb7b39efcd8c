"""All who agreed to an embargo hear within a minute that it is over: told by the worker itself, through
a mail server that is slow while many other mails wait."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from coalition.core.errors import Refused
from coalition.jobs.worker import Worker
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from documents.publication import actions as actions_publish
from documents.publication.actions import publish_approved
from documents.publication.embargo.actions import (
    agree_to_embargo,
    revoke_access,
    schedule_publication,
    unschedule_publication,
)
from tests.documents.approval.builders import stage
from tests.documents.publication.embargo.builders import contact, mails, offered, reader, scheduled

A_MINUTE = 60.0
SUBJECT = "the embargo is over"

pytestmark = pytest.mark.usefixtures("no_pages")


class SlowMail(EmailBackend):
    """A mail server that takes its time for each."""

    def send_messages(self, messages):
        time.sleep(1)
        return super().send_messages(messages)


@pytest.fixture
def worker() -> Iterator[Worker]:
    running = Worker()
    running.start()
    yield running
    running.stop()


def told() -> set[str]:
    return {message.to[0] for message in mail.outbox if SUBJECT in message.subject}


@pytest.mark.django_db(transaction=True)
def test_lifting_early_reaches_all_who_agreed_within_a_minute(settings, request):
    made = stage()
    publication = scheduled(made)
    agreed = [reader(made, publication)[0] for _number in range(3)]
    offered(made, publication, contact(made, name="Silent"))
    gone, _token = reader(made, publication)
    revoke_access(access=made.access, embargo=gone)
    addresses = {f"press{number}@outlet.example" for number in range(3)}
    OutboxMail.objects.update(state=OutboxMail.State.SENT)
    for number in range(90):
        outbox.queue_mail(
            key=f"other {number}",
            template="workspaces/seat_given",
            language="en",
            address=f"p{number}@tests.example",
            context={"name": "Somebody", "button_url": "https://example.org/"},
        )
    settings.MAILERS = {"default": {"BACKEND": f"{SlowMail.__module__}.SlowMail"}}
    request.getfixturevalue("worker")
    publish_approved(access=made.access, round_=publication.round)
    begun = time.monotonic()
    while told() != addresses:
        assert time.monotonic() - begun < A_MINUTE, told()
        time.sleep(0.1)
    assert len(agreed) == OutboxMail.objects.filter(template="documents/embargo_lifted").count()


@pytest.mark.django_db(transaction=True)
def test_who_agrees_while_it_is_lifted_is_told_or_learns_that_it_is_public(monkeypatch):
    """The press comes after those who agreed were written to, and before that is committed."""
    made = stage()
    publication = scheduled(made)
    access, token = offered(made, publication)
    refused = []

    def agree_now():
        try:
            agree_to_embargo(token=token)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    press, announce = threading.Thread(target=agree_now), actions_publish._announce_publication

    def pressed_meanwhile(*given):
        press.start()
        press.join(timeout=1)
        announce(*given)

    monkeypatch.setattr(actions_publish, "_announce_publication", pressed_meanwhile)
    publish_approved(access=made.access, round_=publication.round)
    press.join()
    access.refresh_from_db()
    assert (len(refused), access.agreed_at, mails("embargo_lifted")) == (1, None, 0)


@pytest.mark.django_db
def test_who_heard_that_it_is_put_off_hears_when_it_is_on_again_at_the_same_moment():
    made = stage()
    publication = scheduled(made)
    reader(made, publication)
    unschedule_publication(access=made.access, publication=publication)
    schedule_publication(access=made.access, round_=publication.round, at=publication.scheduled_at)
    assert mails("embargo_moved") == 1


@pytest.mark.django_db
def test_what_is_due_does_not_wait_until_all_mail_has_left():
    """A look of the worker sends for a few seconds, then looks at what is due again."""
    for number in range(3):
        outbox.queue_mail(
            key=str(number),
            template="workspaces/seat_given",
            language="en",
            address=f"p{number}@tests.example",
            context={"name": "Somebody", "button_url": "https://example.org/"},
        )
    assert outbox.deliver_due(seconds=0) == 1
    assert outbox.deliver_due() == 2
