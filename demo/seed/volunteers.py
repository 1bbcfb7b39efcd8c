"""Volunteers of an event: shifts, a sign-up link, invented people who took shifts. No mail is sent."""

import datetime

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from demo.seed.dates import DAY, campaign_day, clock
from events.models import Event, Shift, ShiftLink, Volunteer
from events.volunteers.actions.shifts import (
    ShiftInput,
    ShiftPattern,
    ShiftPlanInput,
    add_shifts,
    anchor_of,
    create_shifts_from_hours,
    set_shift_plan,
)
from events.volunteers.actions.sign_up import (
    SignUpInput,
    confirm_volunteer_address,
    make_shift_link,
    offer_shift,
    request_sign_up,
    set_attendance,
)
from events.volunteers.enums import AgeStatement


def seed_volunteers(access: Access, event: Event, record: Record, today: datetime.date) -> None:
    """Plan the shifts, make a link, and let people sign up by it."""
    around = ShiftPlanInput(record["brief"], record["caller_name"], record["caller_phone"], asks_age=True)
    set_shift_plan(access=access, event=event, around=around)
    if "pattern" in record:
        create_shifts_from_hours(
            access=access, event=event, pattern=_pattern(event, record["pattern"], today)
        )
    works = [_work(event, one) for one in record.get("works", ())]
    if works:
        add_shifts(access=access, event=event, works=works)
    link = make_shift_link(access=access, event=event, until=now() + 150 * DAY, name=record["link"])
    shifts = list(Shift.objects.filter(event=event))
    for one in record["volunteers"]:
        _sign_up(link, shifts, one)
    outbox.delete_waiting_mail(about="shift-")


def record_attendance(access: Access, event: Event, record: Record) -> None:
    """Record who came, after the event."""
    for volunteer in Volunteer.objects.filter(event=event).exclude(proved_at=None):
        volunteer.event = event
        for turn in volunteer.turns.select_related("volunteer__event"):
            turn.volunteer = volunteer
            set_attendance(access=access, turn=turn, came=volunteer.name not in record["did_not_come"])


def _pattern(event: Event, record: Record, today: datetime.date) -> ShiftPattern:
    return ShiftPattern(
        title=record["title"],
        needed=record["needed"],
        first=anchor_of(event),
        last=campaign_day(record["until"], today),
        weekdays=tuple(range(7)),
        parts=2,
        early=15,
    )


def _work(event: Event, record: Record) -> ShiftInput:
    return ShiftInput(
        title=record["title"],
        on=anchor_of(event) + record["day"] * DAY,
        begins=clock(record["from"]),
        ends=clock(record["to"]),
        needed=record["needed"],
        place=record.get("place", {}),
    )


def _sign_up(link: ShiftLink, shifts: list[Shift], record: Record) -> None:
    asking = SignUpInput(
        name=record["name"],
        address=record["email"],
        phone=record["phone"],
        language=Language(record["language"]),
        shifts=[shifts[number].uuid for number in record["takes"]],
        briefed=True,
        grown=AgeStatement.ADULT,
    )
    request_sign_up(link=link, asking=asking)
    volunteer = Volunteer.objects.latest("pk")
    confirm_volunteer_address(volunteer=volunteer)
    for number in record.get("offers", ()):
        offer_shift(volunteer=volunteer, shift=shifts[number].uuid)
