"""Shifts: hours on the wall, opening hours, signing up, overlap, swap, mails, who came, forgetting."""

import datetime

import pytest
import time_machine
from django.db import connection

from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.models import Shift, ShiftAssignment, ShiftLinkUse, ShiftPlan, Volunteer
from events.volunteers.actions import shifts
from events.volunteers.actions.shifts import create_shifts_from_hours, set_shift_plan, shifts_from_hours
from events.volunteers.actions.sign_up import (
    confirm_volunteer_address,
    delete_unproved_volunteer,
    end_shift_link,
    offer_shift,
    record_link_use,
    remove_from_shift,
    request_sign_up,
    set_attendance,
    shift_link_token,
    sign_up_member,
    take_over_shift,
    take_shift,
    withdraw_from_shift,
)
from events.volunteers.forms import ShiftForm
from events.volunteers.models import AgeStatement, AssignmentState
from events.volunteers.notifications import forget_volunteers
from events.volunteers.queries import open_shifts, shift_link_of_token, shift_numbers
from tests.events.planning.builders import announced, exhibition, planned, stage
from tests.events.volunteers.builders import asks, helps, linked, shift, signing_up, work

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


@pytest.mark.parametrize(
    ("zone", "on", "begins", "ends", "starts", "until"),
    [
        ("Asia/Almaty", "2026-03-10", "11:00", "15:00", "2026-03-10T06:00", "2026-03-10T10:00"),
        ("Europe/Berlin", "2026-03-28", "22:00", "06:00", "2026-03-28T21:00", "2026-03-29T04:00"),
        ("Europe/Berlin", "2026-03-30", "10:00", "12:00", "2026-03-30T08:00", "2026-03-30T10:00"),
    ],
)
def test_hours_are_on_the_wall_of_the_place(here, zone, on, begins, ends, starts, until) -> None:
    made = shift(here.access(), planned(here.access(), zone=zone), on, begins, ends)
    assert f"{made.starts_at:%Y-%m-%dT%H:%M}" == starts
    assert f"{made.ends_at:%Y-%m-%dT%H:%M}" == until


def test_hours_that_the_clock_skips_are_refused(here) -> None:
    event = planned(here.access(), zone="Europe/Berlin")
    with pytest.raises(Refused, match="skips"):
        shift(here.access(), event, "2026-03-29", "02:30", "03:10")


def test_a_shift_far_from_the_event_is_refused(here, event) -> None:
    with pytest.raises(Refused, match="too far"):
        shift(here.access(), event, "2031-01-01")
    assert not Shift.objects.exists()


@pytest.mark.parametrize("wrong", [{"title_kk": " ", "title_en": ""}, {"needed": 0}, {"needed": 201}])
def test_a_shift_without_task_or_people_is_refused(wrong) -> None:
    given = {"title_en": "Hall", "on": "2026-03-10", "begins": "11:00", "ends": "15:00", "needed": 2}
    assert ShiftForm(given).is_valid()
    assert list(ShiftForm(given | wrong).errors) == [next(iter(wrong)).partition("_")[0]]


def pattern(**more: object) -> dict[str, object]:
    said = {
        "title": {"en": "Hall"},
        "needed": 2,
        "first": datetime.date(2026, 3, 8),
        "last": datetime.date(2026, 3, 29),
        "weekdays": (5, 6),
        "parts": 2,
        "early": 15,
        "late": 0,
    }
    return {**said, **more}


def test_opening_hours_become_shifts_and_closed_days_do_not(here, event) -> None:
    works = shifts_from_hours(event, **pattern())
    days = sorted({one.on.day for one in works})
    assert days == [8, 14, 15, 28, 29]  # 21 and 22 March are Nauryz: closed
    first = [(f"{one.begins:%H:%M}", f"{one.ends:%H:%M}") for one in works[:2]]
    assert first == [("10:45", "14:55"), ("14:55", "19:00")]
    assert not Shift.objects.exists()
    made = create_shifts_from_hours(access=here.access(), event=event, **pattern())
    assert len(made) == len(works) == 10
    with pytest.raises(Refused, match="no day"):
        create_shifts_from_hours(access=here.access(), event=event, **pattern())


def test_what_is_not_open_over_days_has_no_hours_to_make_shifts_of(here) -> None:
    with pytest.raises(Refused, match="opening hours"):
        shifts_from_hours(planned(here.access()), **pattern())


def test_nobody_has_a_shift_before_the_address_is_proved(here, event, link) -> None:
    one = shift(here.access(), event)
    who = asks(link, "Anna", one)
    assert state_of(one, who) == AssignmentState.WISHED
    assert shift_numbers(event, who.written_at)["held"] == 0
    assert confirm_volunteer_address(volunteer=who) == []
    assert state_of(one, who) == TAKEN
    assert letters() == [("link", "anna@help.example"), ("taken", "anna@help.example")]
    assert confirm_volunteer_address(volunteer=who) == []
    assert len(letters()) == 2


def test_who_did_not_sign_up_deletes_what_was_written_and_nothing_else(here, event, link) -> None:
    one = shift(here.access(), event)
    delete_unproved_volunteer(volunteer=asks(link, "Anna", one))
    assert not Volunteer.objects.exists()
    delete_unproved_volunteer(volunteer=helps(link, "Bota", one))
    assert Volunteer.objects.count() == 1


def test_the_last_place_goes_to_one_of_two(here, event, link) -> None:
    one, other = shift(here.access(), event, needed=1), shift(here.access(), event, "2026-03-11")
    late = asks(link, "Late", one, other)
    helps(link, "Early", one)
    [words] = confirm_volunteer_address(volunteer=late)
    assert "Enough people" in words
    assert state_of(other, late) == TAKEN
    with pytest.raises(Refused, match="Enough"):
        take_shift(volunteer=late, shift=one.uuid)


def test_a_shift_that_has_begun_or_is_gone_is_refused(here, event, link) -> None:
    one, gone = shift(here.access(), event), shift(here.access(), event, "2026-03-11")
    who = helps(link, "Anna", shift(here.access(), event, "2026-03-12"))
    shifts.remove_shift(access=here.access(), event=event, uuid=gone.uuid)
    with pytest.raises(Refused, match="not in the plan"):
        take_shift(volunteer=who, shift=gone.uuid)
    with time_machine.travel("2026-03-10 06:00Z"), pytest.raises(Refused, match="begun"):
        take_shift(volunteer=who, shift=one.uuid)


def test_overlap_is_refused_with_words_also_across_events(here, event, link) -> None:
    one = shift(here.access(), event)
    who = helps(link, "Anna", one)
    with pytest.raises(Refused, match="another shift at that time: Tuesday 10 March 2026, 11:00–15:00"):
        take_shift(volunteer=who, shift=shift(here.access(), event, begins="14:59", ends="18:00").uuid)
    take_shift(volunteer=who, shift=shift(here.access(), event, begins="15:00", ends="18:00").uuid)
    elsewhere = stage()
    other = announced(elsewhere.access("coordinator"))
    there = shift(elsewhere.access(), other, begins="10:00", ends="12:00")
    same = asks(linked(elsewhere.access(), other), "Anna", there, address=" ANNA@help.example")
    [words] = confirm_volunteer_address(volunteer=same)
    assert "another shift" in words
    withdraw_from_shift(volunteer=who, shift=one.uuid)
    take_shift(volunteer=same, shift=there.uuid)


def test_a_cancelled_event_stands_in_nobodys_way(here, event, link) -> None:
    helps(link, "Anna", shift(here.access(), event))
    cancel_event(access=here.access(), event=event)
    other = announced(here.access("coordinator"))
    there = shift(here.access(), other)
    assert state_of(there, helps(linked(here.access(), other), "Anna", there)) == TAKEN


def test_somebody_with_an_account_is_the_same_person_by_either(here, event, link) -> None:
    one, same_time = shift(here.access(), event), shift(here.access(), event, begins="12:00")
    user = here.user("observer")
    said = signing_up("Obs", one, address=user.email)
    row = sign_up_member(access=here.access("observer"), event=event, **said)
    assert state_of(one, row) == TAKEN
    assert letters() == [("taken", user.email)]
    with pytest.raises(Refused, match="another shift"):
        sign_up_member(
            access=here.access("observer"),
            event=event,
            **signing_up("Obs", same_time, address=user.email),
        )
    again = asks(link, "Obs", same_time, address=user.email)
    assert again.pk == row.pk
    assert not ShiftAssignment.objects.filter(shift=same_time).exists()


def test_brief_and_age_are_asked_if_the_organiser_wants(here, event, link) -> None:
    one = shift(here.access(), event)
    set_shift_plan(
        access=here.access(),
        event=event,
        brief={"kk": "Шығу есігі"},
        caller_name="Aru",
        caller_phone="+7 777",
        asks_age=True,
    )
    for missing in (
        {"briefed": False, "grown": AgeStatement.ADULT},
        {"briefed": True, "grown": AgeStatement.UNASKED},
    ):
        with pytest.raises(Refused):
            request_sign_up(link=link, **signing_up("Anna", one, **missing))
    who = helps(link, "Anna", one, grown=AgeStatement.CONSENT)
    assert (who.grown, who.briefed_at is not None) == (AgeStatement.CONSENT, True)


def test_a_swap_leaves_the_first_until_somebody_takes_it(here, event, link) -> None:
    one = shift(here.access(), event, needed=1)
    first, second = (
        helps(link, "First", one),
        helps(link, "Second", shift(here.access(), event, "2026-03-11")),
    )
    turn = offer_shift(volunteer=first, shift=one.uuid)
    assert state_of(one, first) == OFFERED
    assert open_shifts(event) == [] or one not in open_shifts(event)
    with pytest.raises(Refused, match="not offered"):
        take_over_shift(volunteer=first, assignment=turn.uuid)
    OutboxMail.objects.all().delete()
    take_over_shift(volunteer=second, assignment=turn.uuid)
    assert (state_of(one, first), state_of(one, second)) == (GIVEN, TAKEN)
    assert sorted(letters()) == [("ended", "first@help.example"), ("taken", "second@help.example")]
    with pytest.raises(Refused, match="not offered"):
        take_over_shift(
            volunteer=helps(link, "Third", shift(here.access(), event, "2026-03-12")), assignment=turn.uuid
        )


def test_a_swap_does_not_bring_anybody_to_two_places(here, event, link) -> None:
    one, other = shift(here.access(), event), shift(here.access(), event, begins="14:00", ends="18:00")
    first, second = helps(link, "First", one), helps(link, "Second", other)
    turn = offer_shift(volunteer=first, shift=one.uuid)
    with pytest.raises(Refused, match="another shift"):
        take_over_shift(volunteer=second, assignment=turn.uuid)
    assert (state_of(one, first), ShiftAssignment.objects.filter(volunteer=second).count()) == (OFFERED, 1)
    offer_shift(volunteer=first, shift=one.uuid, offered=False)
    assert state_of(one, first) == TAKEN


def test_fewer_than_have_it_cannot_be_needed(here, event, link) -> None:
    one = shift(here.access(), event)
    helps(link, "Anna", one)
    helps(link, "Bota", one)
    with pytest.raises(Refused, match="More people"):
        shifts.change_shift(access=here.access(), event=event, uuid=one.uuid, **work(needed=1))


def test_a_link_ends_by_its_date_by_hand_and_for_restricted_events(here, event, link) -> None:
    assert shift_link_of_token(shift_link_token(link)) == link
    end_shift_link(access=here.access(), link=link)
    assert shift_link_of_token(shift_link_token(link)) is None
    other = linked(here.access(), event, days=2)
    with time_machine.travel("2026-03-03 07:00Z"):
        assert shift_link_of_token(shift_link_token(other)) is None
        with pytest.raises(Refused, match="any more"):
            asks(other, "Anna", shift(here.access(), event))
    closed = planned(here.access(), restricted_to=(here.organisation(),))
    with pytest.raises(Refused, match="marks"):
        linked(here.access(), closed)
    assert shift_link_token(link) not in str(link.__dict__)


def test_uses_of_a_link_are_written_down(here, event, link) -> None:
    record_link_use(link)
    asks(link, "Anna", shift(here.access(), event))
    assert list(ShiftLinkUse.objects.order_by("pk").values_list("signed_up", flat=True)) == [False, True]


def test_what_others_type_changes_nothing_of_who_is_known(here, event, link) -> None:
    one = shift(here.access(), event)
    who = helps(link, "Anna", one)
    asks(link, "Mallory", shift(here.access(), event, "2026-03-12"), address="anna@help.example", phone="1")
    who.refresh_from_db()
    assert (who.name, who.phone, who.assignments.count()) == ("Anna", "+7 701 Anna", 1)


def test_row_with_a_former_print_of_the_address_stays_the_same_person(here, event, link) -> None:
    who = helps(link, "Anna", shift(here.access(), event))
    Volunteer.objects.update(address_print=fingerprint("anna@help.example"))
    assert asks(link, "Anna", shift(here.access(), event, "2026-03-12")).pk == who.pk


def test_who_came_is_noted_from_the_beginning(here, event, link) -> None:
    one = shift(here.access(), event)
    turn = helps(link, "Anna", one).assignments.get()
    with pytest.raises(Refused, match="not begun"):
        set_attendance(access=here.access(), assignment=turn, came=True)
    with time_machine.travel("2026-03-10 06:30Z"):
        assert set_attendance(access=here.access(), assignment=turn, came=True).came is True
        assert set_attendance(access=here.access(), assignment=turn, came=None).came_by is None
        with pytest.raises(Refused, match="begun"):
            remove_from_shift(access=here.access(), assignment=turn)


def test_who_is_taken_off_is_told(here, event, link) -> None:
    one = shift(here.access(), event)
    who = helps(link, "Anna", one)
    remove_from_shift(access=here.access(), assignment=who.assignments.get())
    assert (state_of(one, who), letters()[-1][0]) == (WITHDRAWN, "ended")


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor"])
def test_others_plan_nothing(here, event, link, who) -> None:
    one = shift(here.access(), event)
    turn = helps(link, "Anna", one).assignments.get()
    access = here.access(who)
    for act in (
        lambda: shifts.add_shift(access=access, event=event, **work()),
        lambda: shifts.change_shift(access=access, event=event, uuid=one.uuid, **work()),
        lambda: shifts.remove_shift(access=access, event=event, uuid=one.uuid),
        lambda: shifts.restore_shift(access=access, event=event, uuid=one.uuid),
        lambda: set_shift_plan(access=access, event=event, brief={}),
        lambda: create_shifts_from_hours(access=access, event=event, **pattern()),
        lambda: linked(access, event),
        lambda: end_shift_link(access=access, link=link),
        lambda: set_attendance(access=access, assignment=turn, came=True),
        lambda: remove_from_shift(access=access, assignment=turn),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_who_they_are_is_sealed_and_forgotten(here, event, link) -> None:
    set_shift_plan(
        access=here.access(), event=event, brief={}, caller_name="Secretname", caller_phone="+7 777 000"
    )
    helps(link, "Sealedname", shift(here.access(), event))
    asks(link, "Unproved", shift(here.access(), event))
    with connection.cursor() as cursor:
        for table in ("events_volunteer", "events_shiftplan"):
            cursor.execute(f"SELECT * FROM {table}")
            kept = repr(cursor.fetchall())
            assert not [
                word for word in ("Sealedname", "help.example", "Secretname", "777 000") if word in kept
            ]
    with time_machine.travel("2026-03-10 06:00Z"):
        forget_volunteers()
        assert [one.name for one in Volunteer.objects.all()] == ["Sealedname"]
    with time_machine.travel("2026-07-29 06:00Z"):
        forget_volunteers()
        assert Volunteer.objects.count() == 1
    with time_machine.travel("2026-07-31 06:00Z"):  # open until 30 April
        forget_volunteers()
        assert not Volunteer.objects.exists()
        assert ShiftPlan.objects.get().caller_name == ""


def test_too_many_links_and_ends_that_are_none(here, event) -> None:
    for days in (0, 401):
        with pytest.raises(Refused, match="400"):
            linked(here.access(), event, days=days)
    for _number in range(20):
        linked(here.access(), event)
    with pytest.raises(Refused, match="20 links"):
        linked(here.access(), event)
