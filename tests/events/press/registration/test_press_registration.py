"""Press registration: places, outlets, the waiting list, mails, the door, and who may."""

import pytest
import time_machine
from django.core import mail as sent_mail
from django.db import connection

from coalition.accounts.models import Language
from coalition.core import throttling
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event, move_event
from events.core.enums import PressState
from events.core.journalists import why_registration_closed
from events.core.printed_codes import code_of, format_code, normalise_code
from events.models import Event, PressGuest, PressRegistration
from events.press.registration.actions import (
    PressRegistrationClosed,
    answer_press_guest,
    check_in,
    close_press_registration,
    confirm_press_address,
    forget_press_guests,
    open_to_press,
    request_press_place,
    undo_check_in,
    withdraw_press_guest,
)
from events.press.registration.forms import PressTermsForm
from events.press.registration.queries import press_guests, state_counts
from tests.events.planning.builders import announced, stage, times_from

pytestmark = pytest.mark.django_db
BEFORE = "2026-03-01 06:00Z"
C, W, F = PressState.CONFIRMED, PressState.WAITING, PressState.FULL


@pytest.fixture(autouse=True)
def _two_days_before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return announced(here.access("coordinator"), title="Conference")


def opened(here, event, places: int = 2, per_outlet: int = 2, **more: object) -> PressRegistration:
    return open_to_press(
        access=here.access(), event=event, places=places, per_outlet=min(places, per_outlet), **more
    )


def asks(registration, name: str, outlet: str = "", **more: object) -> PressGuest:
    address = more.pop("address", f"{name.lower()}@media.example")
    said = dict(name=name, outlet=outlet or f"{name} News", address=address, language=Language.KK, **more)
    request_press_place(registration=registration, **said)
    return PressGuest.objects.order_by("-written_at", "-pk").first()


def comes(registration, name: str, outlet: str = "") -> PressGuest:
    return confirm_press_address(guest=asks(registration, name, outlet))


def states(registration) -> dict[str, str]:
    return {one.name: one.state for one in PressGuest.objects.filter(registration=registration)}


def test_places_go_in_order_then_the_waiting_list_then_none(here, event) -> None:
    registration = opened(here, event)
    given = [comes(registration, name).state for name in ("A", "B", "C", "D", "E")]
    assert given == [C, C, W, W, F]


def test_an_outlet_takes_its_number_and_no_more_however_it_is_written(here, event) -> None:
    registration = opened(here, event, places=5, per_outlet=1)
    assert comes(registration, "A", "Арна").state == C
    assert comes(registration, "B", " арна ").state == W
    assert comes(registration, "C", "Другая").state == C


def test_who_withdraws_makes_room_for_the_first_whose_outlet_has_room(here, event) -> None:
    registration = opened(here, event, places=2, per_outlet=1)
    first = comes(registration, "A", "One")
    for name, outlet in (("B", "Two"), ("C", "Two"), ("D", "Three")):
        comes(registration, name, outlet)
    withdraw_press_guest(guest=first)
    withdraw_press_guest(guest=first)  # twice is once
    assert states(registration) == {"A": PressState.WITHDRAWN, "B": C, "C": W, "D": C}
    moved = PressGuest.objects.get(state=C, answers=2)
    told = OutboxMail.objects.get(key=f"press-guest-answer:{moved.uuid}:2")
    assert told.context["moved_up"]
    assert told.address == "d@media.example"


def test_more_places_move_the_waiting_list_up(here, event) -> None:
    registration = opened(here, event, places=1, per_outlet=1)
    comes(registration, "A")
    comes(registration, "B")
    opened(here, event, places=2, per_outlet=1)
    assert states(registration) == {"A": C, "B": C}


def test_nobody_counts_before_the_address_is_proved(here, event) -> None:
    registration = opened(here, event, places=1)
    guest = asks(registration, "A")
    assert guest.state == PressState.UNCONFIRMED
    assert press_guests(registration) == []
    assert comes(registration, "B").state == C
    assert confirm_press_address(guest=guest).state == W
    assert confirm_press_address(guest=guest).answers == 1


def test_known_addresses_get_the_link_again_and_change_nothing(here, event) -> None:
    registration = opened(here, event)
    comes(registration, "A")
    for _time in range(6):
        asks(registration, "Mallory", address=" A@media.example ")
    assert states(registration) == {"A": C}
    links = OutboxMail.objects.filter(template="events/press_guest_link")
    assert links.count() == 3  # a day
    assert [one.context["known"] for one in links.order_by("pk")] == [False, True, True]


def link_mails() -> list[str]:
    rows = OutboxMail.objects.filter(template="events/press_guest_link")
    return list(rows.order_by("pk").values_list("key", flat=True))


def test_a_mailbox_gets_three_links_a_day_under_whatever_spelling_and_then_nothing_is_written(
    here, event
) -> None:
    registration = opened(here, event)
    for number in range(3):
        asks(registration, f"A{number}", address=f"Aru+{number}@corp.example")
    before = link_mails()
    assert len(before) == 3
    for address in ("aru+3@corp.example", "ARU@corp.example", "aru+0@corp.example"):
        asks(registration, "Mallory", address=address)
    assert link_mails() == before
    assert set(states(registration)) == {"A0", "A1", "A2"}
    asks(registration, "Bota", address="bota@corp.example")
    other = opened(here, announced(here.access("coordinator")))
    asks(other, "Aru", address="aru+3@corp.example")
    assert len(link_mails()) == 5


def test_links_of_unproved_rows_are_few_on_every_day_however_many_rows_there_are(here, event) -> None:
    registration = opened(here, event)
    for day in (1, 2):
        with time_machine.travel(f"2026-03-0{day} 03:00Z", tick=False):
            for number in range(6):
                asks(registration, f"A{day}{number}", address=f"aru+{day}{number}@corp.example")
            for number in range(6):
                asks(registration, f"A1{number}", address=f"aru+1{number}@corp.example")
    assert len(link_mails()) == 6
    assert set(states(registration)) == {"A10", "A11", "A12", "A20", "A21", "A22"}


def test_nobody_else_uses_up_the_links_of_who_was_answered(here, event) -> None:
    registration = opened(here, event)
    guest = confirm_press_address(guest=asks(registration, "Aru", address="aru@corp.example"))
    for number in range(4):
        asks(registration, f"A{number}", address=f"aru+{number}@corp.example")
    assert len(link_mails()) == 3
    for _time in range(4):
        asks(registration, "Aru", address="aru@corp.example")
    assert len([key for key in link_mails() if str(guest.uuid) in key]) == 3
    assert len(link_mails()) == 5


def test_thousands_from_many_places_are_stopped_by_the_hour(here, event, monkeypatch) -> None:
    registration = opened(here, event)
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 3)
    for number in range(3):
        asks(registration, f"A{number}")
    with pytest.raises(TooManyRequests):
        asks(registration, "A3")
    with time_machine.travel("2026-03-01 07:01Z"):
        asks(registration, "A3")


def test_it_closes_an_hour_before_wherever_the_event_moves(here, event) -> None:
    registration = opened(here, event)
    with time_machine.travel("2026-03-03 04:59Z"):
        assert why_registration_closed(registration) == ""
    with time_machine.travel("2026-03-03 05:00Z"):
        guest = PressGuest.objects.first()
        assert why_registration_closed(registration) == "closed"
        with pytest.raises(PressRegistrationClosed):
            asks(registration, "Late")
        assert guest is None
        moved = move_event(
            access=here.access(), event=event, times=times_from("2026-03-05 11:00", "2026-03-05 12:00")
        )
        registration.event = moved
        assert why_registration_closed(registration) == ""
    with time_machine.travel("2026-03-07 05:00Z"):
        assert why_registration_closed(registration) == "over"


def test_a_link_pressed_after_the_end_is_told_so_and_nothing_is_lost(here, event) -> None:
    registration = opened(here, event)
    guest = asks(registration, "A")
    close_press_registration(access=here.access(), event=event)
    with pytest.raises(PressRegistrationClosed):
        confirm_press_address(guest=guest)
    assert states(registration) == {"A": PressState.UNCONFIRMED}
    opened(here, event)
    assert confirm_press_address(guest=guest).state == C


def test_those_who_come_hear_when_it_moves_or_is_cancelled_once(here, event) -> None:
    registration = opened(here, event, places=1, per_outlet=1)
    comes(registration, "A")
    comes(registration, "B")
    withdraw_press_guest(guest=comes(registration, "Gone"))
    asks(registration, "Silent")
    times = times_from("2026-03-04 11:00", "2026-03-04 12:00")
    moved = move_event(access=here.access(), event=event, times=times)
    changed = OutboxMail.objects.filter(template="events/press_guest_changed")
    assert {one.address for one in changed} == {"a@media.example", "b@media.example"}
    cancelled = cancel_event(access=here.access(), event=moved)
    told = OutboxMail.objects.filter(template="events/press_guest_cancelled")
    assert {(one.address, one.method) for one in told} == {
        ("a@media.example", "CANCEL"),
        ("b@media.example", ""),
    }
    registration.event = cancelled
    assert why_registration_closed(registration) == "cancelled"
    with pytest.raises(Refused):
        open_to_press(access=here.access(), event=cancelled, places=2, per_outlet=2)


def test_a_confirmed_mail_carries_code_picture_and_calendar(here, event) -> None:
    guest = comes(opened(here, event), "Әсел")
    deliver_due()
    message = sent_mail.outbox[-1]
    text = message.message().as_string()
    assert "Content-ID: <code>" in text
    assert 'method="REQUEST"' in text
    assert format_code(code_of(guest.uuid)) in message.body
    assert message.subject.startswith(("Confirmed", "Расталды"))
    assert normalise_code(format_code(code_of(guest.uuid)).lower()) == code_of(guest.uuid)


def test_by_hand_each_waits_for_an_answer_and_places_are_never_too_many(here, event) -> None:
    registration = opened(here, event, places=1, per_outlet=1, by_hand=True)
    first, second = comes(registration, "A"), comes(registration, "B")
    assert {first.state, second.state} == {PressState.ASKED}
    answer_press_guest(access=here.access(), guest=first, answer=C)
    assert answer_press_guest(access=here.access(), guest=first, answer=C).answers == 1
    with pytest.raises(Refused, match="taken"):
        answer_press_guest(access=here.access(), guest=second, answer=C)
    answer_press_guest(access=here.access(), guest=second, answer=W)
    answer_press_guest(access=here.access(), guest=first, answer=F)
    assert states(registration) == {"A": F, "B": C}
    with pytest.raises(Refused):
        answer_press_guest(access=here.access(), guest=second, answer=PressState.UNCONFIRMED)


def test_who_withdrew_is_not_confirmed_by_hand_but_can_ask_anew(here, event) -> None:
    registration = opened(here, event)
    guest = comes(registration, "A")
    withdraw_press_guest(guest=guest)
    with pytest.raises(Refused):
        answer_press_guest(access=here.access(), guest=guest, answer=C)
    again = asks(registration, "Anna", address="a@media.example")
    assert (again.pk, confirm_press_address(guest=again).state) == (guest.pk, C)


def test_at_the_door_a_second_press_says_since_when_and_undo_takes_it_back(here, event) -> None:
    registration = opened(here, event, places=1)
    guest, waits = comes(registration, "A"), comes(registration, "B")
    with time_machine.travel("2026-03-03 05:42Z", tick=False):
        _row, fresh = check_in(access=here.access(), guest=guest)
        at = now()
    assert fresh
    with time_machine.travel("2026-03-03 05:50Z", tick=False):
        row, fresh = check_in(access=here.access("coordinator"), guest=guest)
    assert (row.came_at, row.came_by, fresh) == (at, here.user(), False)
    with pytest.raises(Refused):
        withdraw_press_guest(guest=guest)
    with pytest.raises(Refused):
        check_in(access=here.access(), guest=waits)
    assert state_counts(registration)["here"] == 1
    undo_check_in(access=here.access(), guest=guest)
    assert state_counts(registration)["here"] == 0
    assert PressGuest.objects.count() == 2


def test_they_are_found_by_letters_of_name_and_outlet_and_by_the_whole_code(here, event) -> None:
    registration = opened(here, event)
    guest = comes(registration, "Әсел", "Дала радиосы")
    comes(registration, "Bob")
    for words in ("әсе", "РАДИО", format_code(code_of(guest.uuid)).lower(), code_of(guest.uuid)):
        assert [one.pk for one in press_guests(registration, words=words)] == [guest.pk]
    assert press_guests(registration, words=code_of(guest.uuid)[:8]) == []
    assert press_guests(registration, here="yes") == []
    assert len(press_guests(registration, state=C.value, here="no")) == 2


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("observer", False),
        ("reviewer", False),
        ("contributor", False),
        ("editor", True),
        ("coordinator", True),
    ],
)
def test_who_may_change_the_event_opens_answers_and_checks_in(here, event, name, may) -> None:
    guest = comes(opened(here, event, by_hand=True), "A")
    access = here.access(name)
    acts = [
        lambda: open_to_press(access=access, event=event, places=3, per_outlet=1),
        lambda: answer_press_guest(access=access, guest=guest, answer=C),
        lambda: check_in(access=access, guest=guest),
        lambda: undo_check_in(access=access, guest=guest),
        lambda: close_press_registration(access=access, event=event),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


@pytest.mark.parametrize(("places", "per_outlet"), [(0, 1), (2, 3), (2, 0), (2001, 1)])
def test_numbers_that_make_no_sense_are_refused(event, places, per_outlet) -> None:
    assert not PressTermsForm({"places": places, "per_outlet": per_outlet}, event=event).is_valid()


def test_they_are_forgotten(here, event) -> None:
    registration = opened(here, event)
    comes(registration, "A")
    asks(registration, "B")
    with time_machine.travel("2026-03-09 06:00Z"):
        forget_press_guests()
        assert list(states(registration)) == ["A"]
    with time_machine.travel("2026-06-02 06:00Z"):
        forget_press_guests()
        assert list(states(registration)) == []


def test_what_says_who_it_is_lies_sealed(here, event) -> None:
    guest = comes(opened(here, event), "Zarina")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_pressguest")
        row = " ".join(map(str, cursor.fetchone()))
    assert "arina" not in row.lower()
    assert code_of(guest.uuid) not in row


def test_of_what_is_not_public_any_more_nobody_is_told_or_answered(here, event) -> None:
    registration = opened(here, event, places=1)
    guest, waits, silent = comes(registration, "A"), comes(registration, "B"), asks(registration, "C")
    Event.objects.update(handling=Handling.WORKSPACE)
    registration.event.refresh_from_db()
    before = OutboxMail.objects.count()
    with pytest.raises(PressRegistrationClosed):
        confirm_press_address(guest=silent)
    with pytest.raises(Refused):
        answer_press_guest(access=here.access(), guest=waits, answer=F)
    withdraw_press_guest(guest=guest)
    assert states(registration)["B"] == W
    assert OutboxMail.objects.count() == before


def test_who_is_kept_waiting_by_hand_gets_a_place_only_when_one_becomes_free(here, event) -> None:
    registration = opened(here, event, places=3, by_hand=True)
    first, second, third = (comes(registration, name) for name in ("A", "B", "C"))
    for guest, answer in ((first, C), (second, W)):
        answer_press_guest(access=here.access(), guest=guest, answer=answer)
    withdraw_press_guest(guest=third)
    opened(here, event, places=4, by_hand=True)
    assert states(registration)["B"] == W
    withdraw_press_guest(guest=first)
    assert states(registration)["B"] == C
