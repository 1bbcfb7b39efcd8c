"""Ways of proving: the mail, and a second one that registers itself without any change here."""

import pytest
import time_machine

from coalition.applicants.flow import request_proof
from coalition.core.throttling import LINKS_A_DAY
from coalition.mail.models import OutboxMail
from events.core.journalists import PRESS
from events.models import PressGuest
from events.press.registration.actions import open_to_press
from tests.events.planning.builders import announced, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def guest():
    here = stage()
    event = announced(here.access("coordinator"))
    registration = open_to_press(access=here.access(), event=event, places=5, per_outlet=5)
    row = PRESS.new(address="aru@ngo.example", language="kk", registration=registration, name="Aru")
    row.written_at, row.code_hash = row.registration.opened_at, "c" * 64
    row.save()
    return row


def links(guest: PressGuest) -> int:
    return OutboxMail.objects.filter(template=PRESS.mail_template, key__contains=str(guest.uuid)).count()


def test_a_mailbox_gets_few_links_a_day_however_often_somebody_types_it(guest) -> None:
    for _time in range(LINKS_A_DAY + 3):
        request_proof(PRESS, guest)
    assert links(guest) == LINKS_A_DAY
    with time_machine.travel("2026-03-02 06:00Z"):
        request_proof(PRESS, guest)
    assert links(guest) == LINKS_A_DAY + 1


def test_a_link_can_go_to_an_address_that_the_row_no_longer_has(guest) -> None:
    guest.address = ""
    request_proof(PRESS, guest, address="aru@ngo.example", context={"known": True})
    mail = OutboxMail.objects.get(template=PRESS.mail_template)
    assert (mail.address, mail.context["known"], mail.context["name"]) == ("aru@ngo.example", True, "Aru")
