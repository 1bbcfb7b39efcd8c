"""Volunteers of an event: shifts, a sign-up link, invented people who took shifts. No mail is sent."""

import datetime

from coalition.core.clock import now
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.dates import DAY, campaign_day, clock
from events.models import Event, Shift, ShiftLink, Volunteer
from events.volunteers.actions.shifts import add_shifts, anchor_of, create_shifts_from_hours, set_shift_plan
from events.volunteers.actions.sign_up import (
    confirm_volunteer_address,
    make_shift_link,
    offer_shift,
    request_sign_up,
    set_attendance,
)
from events.volunteers.models import AgeStatement, VolunteerState


def seed_volunteers(access: Access, event: Event, record: Record, today: datetime.date) -> None:
    """Plan the shifts, make a link, and let people sign up by it."""
    plan = {name: record[name] for name in ("brief", "caller_name", "caller_phone")}
    set_shift_plan(access=access, event=event, asks_age=True, **plan)
    if "pattern" in record:
        pattern = record["pattern"]
        create_shifts_from_hours(
            access=access,
            event=event,
            title=pattern["title"],
            needed=pattern["needed"],
            first=anchor_of(event),
            last=campaign_day(pattern["until"], today),
            weekdays=range(7),
            parts=2,
            early=15,
        )
    works = [_shift(event, one) for one in record.get("works", ())]
    if works:
        add_shifts(access=access, event=event, shifts=works)
    link = make_shift_link(access=access, event=event, until=now() + 150 * DAY, name=record["link"])
    shifts = list(Shift.objects.filter(event=event))
    for one in record["volunteers"]:
        _sign_up(link, shifts, one)
    outbox.delete_waiting_mail(about="shift-")


def record_attendance(access: Access, event: Event, record: Record) -> None:
    """Record who came, after the event."""
    for volunteer in Volunteer.objects.filter(event=event).filter(state=VolunteerState.PROVED):
        volunteer.event = event
        for assignment in volunteer.assignments.select_related("volunteer__event"):
            assignment.volunteer = volunteer
            came = volunteer.name not in record["did_not_come"]
            set_attendance(access=access, assignment=assignment, came=came)


def _shift(event: Event, record: Record) -> Shift:
    return Shift(
        title=record["title"],
        on=anchor_of(event) + record["day"] * DAY,
        begins=clock(record["from"]),
        ends=clock(record["to"]),
        needed=record["needed"],
        place=record.get("place", {}),
    )


def _sign_up(link: ShiftLink, shifts: list[Shift], record: Record) -> None:
    request_sign_up(
        link=link,
        name=record["name"],
        address=record["email"],
        phone=record["phone"],
        language=record["language"],
        shifts=[shifts[number].uuid for number in record["takes"]],
        briefed=True,
        grown=AgeStatement.ADULT,
    )
    volunteer = Volunteer.objects.latest("pk")
    confirm_volunteer_address(volunteer=volunteer)
    for number in record.get("offers", ()):
        offer_shift(volunteer=volunteer, shift=shifts[number].uuid)
