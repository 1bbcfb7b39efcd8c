"""How long events keep what tells of people. Called once from `ready()`."""

from coalition.applicants.retention import DAYS_UNPROVED
from coalition.core.retention import register_retention_rule
from events.exhibitions.guest_book import actions as guest_book_actions
from events.exhibitions.school_groups import actions as school_groups_actions
from events.exhibitions.works.loans import reminders as works_reminders
from events.invitations import retention as invitations_retention
from events.press import pending_imports
from events.press.enquiries import actions as enquiries_actions
from events.press.registration import actions as registration_actions
from events.press.spokespersons import actions as spokespersons_actions
from events.production.safety import actions as safety_actions
from events.production.speakers import actions as speakers_actions
from events.questions import actions as questions_actions
from events.volunteers import retention as volunteers_retention


def register() -> None:
    """Say how long."""
    _who_comes()
    _who_helps()
    _the_press()


def _who_comes() -> None:
    register_retention_rule(
        "events.forget_invited",
        invitations_retention.forget_invited,
        of="events.EventInvitation: names and addresses of guests",
        until=f"{invitations_retention.DAYS_KEPT} days after the event; what was answered stays",
    )
    register_retention_rule(
        "events.forget_groups",
        school_groups_actions.forget_groups,
        of="events.SchoolGroup: schools, who comes with them, what the group needs",
        until=f"unproved {DAYS_UNPROVED} days; {school_groups_actions.DAYS_KEPT} days after event and visit",
    )
    register_retention_rule(
        "events.forget_questions",
        questions_actions.forget_questions,
        of="events.Question, Asker: what was asked of an event, under which name",
        until=f"{questions_actions.DAYS_KEPT} days after the event",
    )
    register_retention_rule(
        "events.forget_guests",
        guest_book_actions.forget_guests,
        of="events.GuestEntry: what visitors wrote into a guest book",
        until=f"{guest_book_actions.DAYS_KEPT} days after the event, but what was taken in; of that the"
        " name, if everyone may read it",
    )


def _who_helps() -> None:
    register_retention_rule(
        "events.forget_volunteers",
        volunteers_retention.forget_volunteers,
        of="events.Volunteer, ShiftPlan: who helps, whom they call",
        until=f"unproved {volunteers_retention.DAYS_UNPROVED} days;"
        f" {volunteers_retention.DAYS_KEPT} days after event and last shift",
    )
    register_retention_rule(
        "events.forget_lenders",
        works_reminders.forget_lenders,
        of="events.Loan, ConditionReport, Work, Screening: lenders, who looked at a work, makers who are not"
        " named, who gave rights",
        until=f"{works_reminders.DAYS_KEPT} days after the work went back or the event",
    )
    register_retention_rule(
        "events.forget_event_speakers",
        speakers_actions.forget_speakers,
        of="events.EventSpeaker: who was asked to speak",
        until=f"{speakers_actions.DAYS_KEPT} days after the event, but what they agreed to be read",
    )
    register_retention_rule(
        "events.forget_safety_people",
        safety_actions.forget_safety_people,
        of="events.SafetyPerson, SafetyPlan: who answers for what, and notes",
        until=f"{safety_actions.DAYS_KEPT} days after the event",
    )


def _the_press() -> None:
    register_retention_rule(
        "events.forget_press_guests",
        registration_actions.forget_press_guests,
        of="events.PressGuest, PressTick: journalists who register, their code for the door, when they came",
        until=f"unproved {DAYS_UNPROVED} days; {registration_actions.DAYS_KEPT} days after the event",
    )
    register_retention_rule(
        "events.forget_contact_sheets",
        pending_imports.forget_old_sheets,
        of="events.SheetTaken: spreadsheets of contacts or coverage that were not taken in",
        until=f"{pending_imports.KEPT.days} day",
    )
    register_retention_rule(
        "events.forget_enquiries",
        enquiries_actions.forget_enquiries,
        of="events.Enquiry, EnquiryNote, Briefing: what journalists asked, and notes for interviews",
        until=f"{enquiries_actions.KEPT.days} days after it is over; outlet and answer stay",
    )
    register_retention_rule(
        "events.forget_calls",
        invitations_retention.forget_calls,
        of="events.Call, CoverageLink, KitOpened: what was said on the phone, for whom a link was, who opened"
        " a kit",
        until=f"AUDIT_PERSON_MONTHS; of kits {invitations_retention.DAYS_KEPT} days after the event",
    )
    register_retention_rule(
        "events.forget_speakers",
        spokespersons_actions.forget_who_did_not_agree,
        of="events.Spokesperson: who without an account was asked to speak for an organisation",
        until=f"{spokespersons_actions.DAYS_WITHOUT_CONSENT} days without an answer; else until they are"
        " taken out",
    )
