"""Ways of proving: the mail, and a second one that registers itself without any change here."""

import dataclasses
import secrets

import pytest
import time_machine

from coalition.applicants import proofs
from coalition.applicants.flow import Flow
from coalition.applicants.mailboxes import sender_print
from coalition.applicants.proofs import register_proof, request_proof
from coalition.core.throttling import LINKS_A_DAY
from coalition.core.tokens import hash_token
from coalition.mail.models import OutboxMail
from events.models import PressGuest
from events.press.registration.actions import Terms, open_to_press, prove_address
from events.press.registration.enums import PressState
from events.press.registration.notifications import PRESS
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
    registration = open_to_press(access=here.access(), event=event, terms=Terms(5, 5))
    row = PRESS.new(address="aru@ngo.example", language="kk", registration=registration, name="Aru")
    row.written_at, row.code_hash = row.registration.opened_at, "c" * 64
    row.save()
    return row


@pytest.fixture
def no_proofs(monkeypatch):
    """What a test registers is gone after it."""
    monkeypatch.setattr(proofs, "_proofs", dict(proofs._proofs))


class MessageProof:
    """A messenger, as docs/applicants.md describes it. The action stands for the capability's."""

    def __init__(self) -> None:
        self.codes: dict[str, tuple[Flow, int]] = {}
        self.shown = ""

    def ask(self, flow, applicant, *, address, context) -> None:
        self.shown = secrets.token_hex(4)
        self.codes[hash_token(self.shown)] = flow, applicant.pk

    def receive(self, sender: str, text: str) -> bool:
        found = self.codes.pop(hash_token(text.strip()), None)
        if found is None:
            return False
        flow, pk = found
        applicant = flow.model.objects.get(pk=pk)
        applicant.address, applicant.address_print = "", sender_print("telegram", sender)
        applicant.save()
        prove_address(guest=applicant)
        return True


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


@pytest.mark.usefixtures("no_proofs")
def test_a_second_way_registers_itself_proves_and_keeps_a_print_only(guest) -> None:
    messenger = MessageProof()
    register_proof("telegram", messenger)
    flow = dataclasses.replace(PRESS, ways=("mail", "telegram"))
    request_proof(flow, guest, way="telegram")
    assert links(guest) == 0
    assert not messenger.receive("+77010000000", "another code")
    assert messenger.receive("+77010000000", f" {messenger.shown} ")
    assert not messenger.receive("+77010000000", messenger.shown)  # once
    row = PressGuest.objects.get()
    assert (row.state, row.address) == (PressState.CONFIRMED, "")
    assert row.address_print == sender_print("telegram", "+77010000000")
    assert "7701" not in row.address_print


@pytest.mark.usefixtures("no_proofs")
def test_a_flow_accepts_only_the_ways_that_it_names(guest) -> None:
    register_proof("telegram", MessageProof())
    with pytest.raises(LookupError, match="does not accept"):
        request_proof(PRESS, guest, way="telegram")
    with pytest.raises(LookupError):
        request_proof(dataclasses.replace(PRESS, ways=("pigeon",)), guest, way="pigeon")


@pytest.mark.usefixtures("no_proofs")
def test_a_way_is_registered_once() -> None:
    with pytest.raises(ValueError, match="mail"):
        register_proof("mail", MessageProof())
