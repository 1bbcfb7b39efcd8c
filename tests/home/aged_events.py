"""Rows of events of the age that is asked for, for each rule of what is kept how long."""

from coalition.clock.now import now
from events import models as events
from tests.filled import filled
from tests.home.ageing import LONG, MINUTE, Case, days, gone, over, without

CASES: list[Case] = [
    (
        "events.forget_calls",
        "call",
        LONG,
        lambda age: filled(
            events.Call,
            sheet=filled(events.CallSheet, event=filled(events.Event)),
            called_at=now() - age,
            note="She will come",
        ),
        without("note"),
    ),
    (
        "events.forget_calls",
        "link",
        LONG,
        lambda age: filled(events.CoverageLink, ends_at=now() - age, label="Aru"),
        without("label"),
    ),
    (
        "events.forget_calls",
        "kit",
        days(90),
        lambda age: filled(events.KitOpened, kit=filled(events.EventKit, event=over(age))),
        gone,
    ),
    (
        "events.forget_contact_sheets",
        "",
        days(1),
        lambda age: filled(events.SheetTaken, read_at=now() - age),
        gone,
    ),
    (
        "events.forget_enquiries",
        "",
        days(365),
        lambda age: filled(events.Enquiry, ended_at=now() - age, name="Aru", reached_at="aru@tests.example"),
        without("name", "reached_at"),
    ),
    (
        "events.forget_event_speakers",
        "unnamed",
        days(90),
        lambda age: filled(events.EventSpeaker, event=over(age)),
        gone,
    ),
    (
        "events.forget_event_speakers",
        "named",
        days(90),
        lambda age: filled(events.EventSpeaker, event=over(age), named=True, public_name="Aru"),
        without("name", "address"),
    ),
    (
        "events.forget_groups",
        "unproved",
        days(7),
        lambda age: filled(events.SchoolGroup, written_at=now() - age, ends_at=now()),
        gone,
    ),
    (
        "events.forget_groups",
        "over",
        days(90),
        lambda age: filled(
            events.SchoolGroup,
            visits=filled(events.GroupVisits, event=over(age)),
            ends_at=now() - age - MINUTE,
            proved_at=now(),
        ),
        gone,
    ),
    (
        "events.forget_guests",
        "waiting",
        days(90),
        lambda age: filled(events.GuestEntry, book=filled(events.GuestBook, event=over(age))),
        gone,
    ),
    (
        "events.forget_guests",
        "taken",
        days(90),
        lambda age: filled(
            events.GuestEntry, book=filled(events.GuestBook, event=over(age)), state="taken", name="Aru"
        ),
        without("name"),
    ),
    (
        "events.forget_invited",
        "",
        days(90),
        lambda age: filled(
            events.EventInvitation, event=over(age), guest_name="Aru", guest_address="aru@tests.example"
        ),
        without("guest_name", "guest_address"),
    ),
    (
        "events.forget_lenders",
        "loan",
        days(365),
        lambda age: filled(
            events.Loan,
            work=filled(events.Work, exhibition=filled(events.Exhibition, event=over(age))),
            lender="Aru",
        ),
        without("lender"),
    ),
    (
        "events.forget_press_guests",
        "unproved",
        days(7),
        lambda age: filled(events.PressGuest, written_at=now() - age, state="unconfirmed"),
        gone,
    ),
    (
        "events.forget_press_guests",
        "over",
        days(90),
        lambda age: filled(
            events.PressGuest,
            registration=filled(events.PressRegistration, event=over(age)),
            state="confirmed",
        ),
        gone,
    ),
    (
        "events.forget_questions",
        "",
        days(90),
        lambda age: filled(events.Asker, period=filled(events.QuestionPeriod, event=over(age))),
        gone,
    ),
    (
        "events.forget_safety_people",
        "",
        days(30),
        lambda age: filled(events.SafetyPerson, plan=filled(events.SafetyPlan, event=over(age))),
        gone,
    ),
    (
        "events.forget_speakers",
        "",
        days(30),
        lambda age: filled(events.Spokesperson, asked_at=now() - age, own_name="Aru", person=None),
        gone,
    ),
    (
        "events.forget_volunteers",
        "unproved",
        days(7),
        lambda age: filled(events.Volunteer, written_at=now() - age),
        gone,
    ),
    (
        "events.forget_volunteers",
        "over",
        days(90),
        lambda age: filled(events.Volunteer, event=over(age), proved_at=now()),
        gone,
    ),
    (
        "events.forget_volunteers",
        "plan",
        days(90),
        lambda age: filled(events.ShiftPlan, event=over(age), caller_name="Aru", caller_phone="+7 000"),
        without("caller_name", "caller_phone"),
    ),
]
