"""How long events keep what tells of people. Called once from `ready()`."""

from coalition.forgetting import rule
from events.domain import (
    enquiries,
    forget_invited,
    guest_book,
    press_registration,
    questions,
    returns,
    safety,
    school_groups,
    sheets_taken,
    speakers,
    spokespersons,
)
from events.domain import forget_volunteers as volunteers


def register() -> None:
    """Say how long."""
    _who_comes()
    _who_helps()
    _the_press()


def _who_comes() -> None:
    rule(
        "events.forget_invited",
        forget_invited.forget_invited,
        of="events.EventInvitation: names and addresses of guests",
        until=f"{forget_invited.DAYS_KEPT} days after the event; what was answered stays",
    )
    rule(
        "events.forget_groups",
        school_groups.forget_groups,
        of="events.SchoolGroup: schools, who comes with them, what the group needs",
        until=f"unproved {school_groups.DAYS_UNPROVED} days;"
        f" {school_groups.DAYS_KEPT} days after event and visit",
    )
    rule(
        "events.forget_questions",
        questions.forget_questions,
        of="events.Question, Asker: what was asked of an event, under which name",
        until=f"{questions.DAYS_KEPT} days after the event",
    )
    rule(
        "events.forget_guests",
        guest_book.forget_guests,
        of="events.GuestEntry: what visitors wrote into a guest book",
        until=f"{guest_book.DAYS_KEPT} days after the event, but what was taken in; of that the name,"
        " if everyone may read it",
    )


def _who_helps() -> None:
    rule(
        "events.forget_volunteers",
        volunteers.forget_volunteers,
        of="events.Volunteer, ShiftPlan: who helps, whom they call",
        until=f"unproved {volunteers.DAYS_UNPROVED} days;"
        f" {volunteers.DAYS_KEPT} days after event and last shift",
    )
    rule(
        "events.forget_lenders",
        returns.forget_lenders,
        of="events.Loan, ConditionReport, Work, Screening: lenders, who looked at a work, makers who are not"
        " named, who gave rights",
        until=f"{returns.DAYS_KEPT} days after the work went back or the event",
    )
    rule(
        "events.forget_event_speakers",
        speakers.forget_speakers,
        of="events.EventSpeaker: who was asked to speak",
        until=f"{speakers.DAYS_KEPT} days after the event, but what they agreed to be read",
    )
    rule(
        "events.forget_safety_people",
        safety.forget_safety_people,
        of="events.SafetyPerson, SafetyPlan: who answers for what, and notes",
        until=f"{safety.DAYS_KEPT} days after the event",
    )


def _the_press() -> None:
    rule(
        "events.forget_press_guests",
        press_registration.forget_press_guests,
        of="events.PressGuest, PressTick: journalists who register, their code for the door, when they came",
        until=f"unproved {press_registration.DAYS_UNCONFIRMED} days;"
        f" {press_registration.DAYS_KEPT} days after the event",
    )
    rule(
        "events.forget_contact_sheets",
        sheets_taken.forget_old_sheets,
        of="events.SheetTaken: spreadsheets of contacts or coverage that were not taken in",
        until=f"{sheets_taken.KEPT.days} day",
    )
    rule(
        "events.forget_enquiries",
        enquiries.forget_enquiries,
        of="events.Enquiry, EnquiryNote, Briefing: what journalists asked, and notes for interviews",
        until=f"{enquiries.KEPT.days} days after it is over; outlet and answer stay",
    )
    rule(
        "events.forget_calls",
        forget_invited.forget_calls,
        of="events.Call, CoverageLink, KitOpened: what was said on the phone, for whom a link was, who opened"
        " a kit",
        until=f"AUDIT_PERSON_MONTHS; of kits {forget_invited.DAYS_KEPT} days after the event",
    )
    rule(
        "events.forget_speakers",
        spokespersons.forget_who_did_not_agree,
        of="events.Spokesperson: who without an account was asked to speak for an organisation",
        until=f"{spokespersons.DAYS_WITHOUT_CONSENT} days without an answer; else until they are taken out",
    )
