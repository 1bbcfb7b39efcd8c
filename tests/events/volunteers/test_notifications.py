"""What volunteers are told: reminders, changes, the end of a shift; and how often."""

import pytest
import time_machine
from django.core import mail as sent_mail

from coalition.core import throttling
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.jobs.scheduler import run_due
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event, change_event, move_event
from events.core.actions.times import EventPlaceInput
from events.models import ShiftAssignment
from events.volunteers.actions import shifts
from events.volunteers.actions.shifts import set_shift_plan
from events.volunteers.actions.sign_up import take_shift, withdraw_from_shift
from events.volunteers.models import AssignmentState
from events.volunteers.queries import open_shifts
from tests.events.planning.builders import announced, exhibition, planned, stage, times_from
from tests.events.volunteers.builders import asks, helps, linked, shift, work

pytestmark = pytest.mark.django_db
BEFORE = "2026-03-01 06:00Z"
TAKEN, OFFERED, GIVEN, WITHDRAWN = (
    AssignmentState.TAKEN,
    AssignmentState.OFFERED,
    AssignmentState.GIVEN,
    AssignmentState.WITHDRAWN,
)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return exhibition(here.access("coordinator"))


@pytest.fixture
def link(here, event):
    return linked(here.access(), event)


def state_of(one, who) -> str:
    return ShiftAssignment.objects.get(shift=one, volunteer=who).state


def letters(template: str = "") -> list[tuple[str, str]]:
    rows = OutboxMail.objects.filter(template__startswith=f"events/shift_{template}")
    return [(one.template.removeprefix("events/shift_"), one.address) for one in rows.order_by("pk")]


def test_withdrawing_frees_the_place_and_ends_reminders(here, event, link) -> None:
    one = shift(here.access(), event, needed=1)
    who = helps(link, "Anna", one)
    withdraw_from_shift(volunteer=who, shift=one.uuid)
    assert state_of(one, who) == WITHDRAWN
    assert one in open_shifts(event)
    with time_machine.travel("2026-03-10 05:00Z"):
        run_due(worker="test")
    assert letters("reminder") == []
    with pytest.raises(Refused, match="do not have"):
        withdraw_from_shift(volunteer=who, shift=one.uuid)


def test_reminders_come_a_day_and_two_hours_before_with_the_person_to_call(here, event, link) -> None:
    set_shift_plan(access=here.access(), event=event, brief={}, caller_name="Aru", caller_phone="+7 777 123")
    one = shift(here.access(), event)
    helps(link, "Anna", one)
    with time_machine.travel("2026-03-09 05:59Z"):
        run_due(worker="test")
        assert letters("reminder") == []
    for moment, count in (("2026-03-09 06:01Z", 1), ("2026-03-09 20:00Z", 1), ("2026-03-10 04:01Z", 2)):
        with time_machine.travel(moment):
            run_due(worker="test")
            assert len(letters("reminder")) == count
    with time_machine.travel("2026-03-10 04:02Z"):
        deliver_due()
    last = next(one for one in sent_mail.outbox if one.subject == "Today 11:00–15:00: Stand in the hall")
    assert "+7 777 123" in last.body
    calendar = next(str(part.content) for part in last.alternatives if "calendar" in part.mimetype)
    assert "DTSTART;TZID=Asia/Almaty:20260310T110000" in calendar
    assert "METHOD:REQUEST" in calendar
    assert "777 123" not in calendar


def test_another_time_is_told_and_reminded_of_anew(here, event, link) -> None:
    one = shift(here.access(), event)
    helps(link, "Anna", one)
    shifts.change_shift(access=here.access(), event=event, uuid=one.uuid, **work(on="2026-03-12"))
    assert letters("changed") == [("changed", "anna@help.example")]
    shifts.change_shift(access=here.access(), event=event, uuid=one.uuid, **work(on="2026-03-12", needed=5))
    assert len(letters("changed")) == 1  # how many are needed concerns nobody
    with time_machine.travel("2026-03-10 05:00Z"):
        run_due(worker="test")
        assert letters("reminder") == []
    with time_machine.travel("2026-03-12 05:00Z"):
        run_due(worker="test")
        assert len(letters("reminder")) == 2


def test_a_shift_taken_out_is_told_and_comes_back_with_its_people(here, event, link) -> None:
    one = shift(here.access(), event)
    helps(link, "Anna", one)
    shifts.remove_shift(access=here.access(), event=event, uuid=one.uuid)
    shifts.restore_shift(access=here.access(), event=event, uuid=one.uuid)
    assert [name for name, _to in letters()] == ["link", "taken", "ended", "changed"]
    sequences = [
        line
        for row in OutboxMail.objects.order_by("pk")
        for line in row.calendar.split("\r\n")
        if line.startswith("SEQUENCE")
    ]
    assert sequences == sorted(sequences)
    assert len(set(sequences)) == 3


@pytest.mark.parametrize("told", [True, False])
def test_shifts_move_with_the_event_and_volunteers_hear(here, told) -> None:
    make = announced if told else planned
    event = make(
        here.access("coordinator"),
        starts="2026-03-10 11:00",
        ends="2026-03-10 18:00",
        handling=Handling.PUBLIC,
    )
    one = shift(here.access(), event)
    who = helps(linked(here.access(), event), "Anna", one)
    later = times_from("2026-03-12 11:00", "2026-03-12 18:00")
    if told:
        move_event(access=here.access(), event=event, times=later)
    else:
        same = {"kind": event.kind, "texts": {}, "place": EventPlaceInput(), "handling": Handling.PUBLIC}
        change_event(access=here.access(), event=event, times=later, **same)
    one.refresh_from_db()
    assert (str(one.on), f"{one.starts_at:%d %H:%M}") == ("2026-03-12", "12 06:00")
    assert [name for name, _to in letters()] == ["link", "taken", "changed"]
    event.refresh_from_db()
    cancel_event(access=here.access(), event=event)
    assert letters()[-1] == ("ended", "anna@help.example")
    assert OutboxMail.objects.latest("pk").method == "CANCEL"
    with pytest.raises(Refused, match="cancelled"):
        take_shift(volunteer=who, shift=one.uuid)


def test_so_many_an_hour_are_no_people(here, event, link, monkeypatch) -> None:
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 2)
    one = shift(here.access(), event)
    asks(link, "A", one)
    asks(link, "B", one)
    with pytest.raises(TooManyRequests):
        asks(link, "C", one)


def test_an_address_typed_again_and_again_gets_three_links_a_day(here, event, link) -> None:
    one = shift(here.access(), event)
    for _time in range(5):
        asks(link, "Anna", one)
    assert len(letters("link")) == 3
