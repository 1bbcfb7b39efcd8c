"""Rows of events of the age that is asked for, for each rule of what is kept how long."""

import datetime
from collections.abc import Callable
from typing import Any

from coalition.core.clock import now
from events import models
from events.models import Event
from tests.filled import filled
from tests.home.ageing import LONG, MINUTE, Case, cancelled, day_of, days, endless, gone, over, without

ALONE: list[Case] = [
    (
        "events.forget_calls",
        "call",
        LONG,
        lambda age: filled(
            models.Call,
            sheet=filled(models.CallSheet, event=filled(models.Event)),
            called_at=now() - age,
            note="She will come",
        ),
        without("note"),
    ),
    (
        "events.forget_calls",
        "link",
        LONG,
        lambda age: filled(models.CoverageLink, ends_at=now() - age, label="Aru"),
        without("label"),
    ),
    (
        "events.forget_contact_sheets",
        "",
        days(1),
        lambda age: filled(models.SheetTaken, read_at=now() - age),
        gone,
    ),
    (
        "events.forget_enquiries",
        "",
        days(365),
        lambda age: filled(models.Enquiry, ended_at=now() - age, name="Aru", reached_at="aru@tests.example"),
        without("name", "reached_at"),
    ),
    (
        "events.forget_groups",
        "unproved",
        days(7),
        lambda age: filled(models.SchoolGroup, day=day_of(age), state="unproved", ends_at=now()),
        gone,
    ),
    (
        "events.forget_press_guests",
        "unproved",
        days(7),
        lambda age: filled(models.PressGuest, day=day_of(age), state="unconfirmed"),
        gone,
    ),
    (
        "events.forget_speakers",
        "",
        days(30),
        lambda age: filled(models.Spokesperson, asked_at=now() - age, own_name="Aru", person=None),
        gone,
    ),
]


def _helping(event: Event, at: datetime.datetime, **more: Any) -> models.Volunteer:
    volunteer = filled(models.Volunteer, event=event, written_at=at - MINUTE, **more)
    filled(models.ShiftAssignment, volunteer=volunteer, shift=_shift(event, at))
    return volunteer


def _planned(event: Event, at: datetime.datetime) -> models.ShiftPlan:
    _shift(event, at)
    return filled(models.ShiftPlan, event=event, caller_name="Aru", caller_phone="+7 000")


def _shift(event: Event, at: datetime.datetime) -> models.Shift:
    return filled(models.Shift, event=event, starts_at=at - 2 * MINUTE, ends_at=at - MINUTE / 2)


type Made = Callable[[Event, datetime.datetime], Any]
type Hanging = tuple[str, str, datetime.timedelta, datetime.timedelta | None, Made, Callable[[Any], bool]]

# Rule, what, how long after the event, how long after the moment of its own at an event without end; the row,
# at an event and with that moment. None: at an event without end it is never over.
HANGING: list[Hanging] = [
    (
        "events.forget_calls",
        "kit",
        days(90),
        days(90),
        lambda event, at: filled(models.KitOpened, kit=filled(models.EventKit, event=event, made_at=at)),
        gone,
    ),
    (
        "events.forget_event_speakers",
        "unnamed",
        days(90),
        LONG,
        lambda event, at: filled(models.EventSpeaker, event=event, asked_at=at),
        gone,
    ),
    (
        "events.forget_event_speakers",
        "named",
        days(90),
        LONG,
        lambda event, at: filled(
            models.EventSpeaker,
            event=event,
            asked_at=at - MINUTE,
            answered_at=at,
            named=True,
            public_name="Aru",
        ),
        without("name", "address"),
    ),
    (
        "events.forget_groups",
        "over",
        days(90),
        days(90),
        lambda event, at: filled(
            models.SchoolGroup,
            visits=filled(models.GroupVisits, event=event),
            ends_at=at - MINUTE / 2,
            proved_at=now(),
        ),
        gone,
    ),
    (
        "events.forget_guests",
        "waiting",
        days(90),
        days(90),
        lambda event, at: filled(
            models.GuestEntry, book=filled(models.GuestBook, event=event), written_at=at
        ),
        gone,
    ),
    (
        "events.forget_guests",
        "taken",
        days(90),
        days(90),
        lambda event, at: filled(
            models.GuestEntry,
            book=filled(models.GuestBook, event=event),
            written_at=at,
            state="taken",
            name="Aru",
        ),
        without("name"),
    ),
    (
        "events.forget_invited",
        "",
        days(90),
        LONG,
        lambda event, at: filled(
            models.EventInvitation,
            event=event,
            invited_at=at,
            guest_name="Aru",
            guest_address="aru@tests.example",
        ),
        without("guest_name", "guest_address"),
    ),
    (
        "events.forget_lenders",
        "loan",
        days(365),
        None,
        lambda event, _at: filled(
            models.Loan,
            work=filled(models.Work, exhibition=filled(models.Exhibition, event=event)),
            lender="Aru",
        ),
        without("lender"),
    ),
    (
        "events.forget_lenders",
        "work",
        days(365),
        days(365),
        lambda event, _at: filled(
            models.Work, exhibition=filled(models.Exhibition, event=event), naming="unnamed", maker="Aru"
        ),
        without("maker"),
    ),
    (
        "events.forget_lenders",
        "film",
        days(365),
        days(365),
        lambda event, _at: filled(models.Screening, event=event, support="Aru", support_phone="+7 000"),
        without("support", "support_phone"),
    ),
    (
        "events.forget_press_guests",
        "over",
        days(90),
        days(90),
        lambda event, at: filled(
            models.PressGuest,
            registration=filled(models.PressRegistration, event=event),
            state="confirmed",
            written_at=at - MINUTE,
            came_at=at,
        ),
        gone,
    ),
    (
        "events.forget_questions",
        "",
        days(90),
        days(90),
        lambda event, at: filled(
            models.Asker, period=filled(models.QuestionPeriod, event=event, closes_at=at - MINUTE / 2)
        ),
        gone,
    ),
    (
        "events.forget_safety_people",
        "",
        days(30),
        LONG,
        lambda event, at: filled(
            models.SafetyPerson, plan=filled(models.SafetyPlan, event=event, changed_at=at)
        ),
        gone,
    ),
    (
        "events.forget_safety_people",
        "note",
        days(30),
        LONG,
        lambda event, at: filled(models.SafetyPlan, event=event, changed_at=at, note="Call Aru"),
        without("note"),
    ),
    (
        "events.forget_volunteers",
        "over",
        days(90),
        days(90),
        lambda event, at: _helping(event, at, state="proved"),
        gone,
    ),
    (
        "events.forget_volunteers",
        "plan",
        days(90),
        days(90),
        _planned,
        without("caller_name", "caller_phone"),
    ),
]


def _cases(one: Hanging) -> list[Case]:
    """The row at an event that is over, at one that was cancelled before it took place, and at one without
    end."""
    rule, what, after, own, made, is_over = one
    cases: list[Case] = [
        (rule, f"{what} over", after, lambda age: made(over(age), now() - age), is_over),
        (rule, f"{what} cancelled", after, lambda age: made(cancelled(age), now() + days(399)), is_over),
    ]
    if own is not None:
        cases.append((rule, f"{what} endless", own, lambda age: made(endless(age), now() - age), is_over))
    return cases


CASES: list[Case] = [*ALONE, *(case for one in HANGING for case in _cases(one))]
