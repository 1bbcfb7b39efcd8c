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
    Around,
    Pattern,
    Work,
    add_shifts,
    anchor_of,
    make_from_hours,
    set_around,
)
from events.volunteers.actions.sign_up import (
    SigningUp,
    ask_to_help,
    make_link,
    note_came,
    offer,
    prove_address,
)
from events.volunteers.enums import Grown


def seed_volunteers(access: Access, event: Event, record: Record, today: datetime.date) -> None:
    """Plan the shifts, make a link, and let people sign up by it."""
    around = Around(record["brief"], record["caller_name"], record["caller_phone"], asks_age=True)
    set_around(access=access, event=event, around=around)
    if "pattern" in record:
        make_from_hours(access=access, event=event, pattern=_pattern(event, record["pattern"], today))
    works = [_work(event, one) for one in record.get("works", ())]
    if works:
        add_shifts(access=access, event=event, works=works)
    link = make_link(access=access, event=event, until=now() + 150 * DAY, name=record["link"])
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
            note_came(access=access, turn=turn, came=volunteer.name not in record["did_not_come"])


def _pattern(event: Event, record: Record, today: datetime.date) -> Pattern:
    return Pattern(
        title=record["title"],
        needed=record["needed"],
        first=anchor_of(event),
        last=campaign_day(record["until"], today),
        weekdays=tuple(range(7)),
        parts=2,
        early=15,
    )


def _work(event: Event, record: Record) -> Work:
    return Work(
        title=record["title"],
        on=anchor_of(event) + record["day"] * DAY,
        begins=clock(record["from"]),
        ends=clock(record["to"]),
        needed=record["needed"],
        place=record.get("place", {}),
    )


def _sign_up(link: ShiftLink, shifts: list[Shift], record: Record) -> None:
    asking = SigningUp(
        name=record["name"],
        address=record["email"],
        phone=record["phone"],
        language=Language(record["language"]),
        shifts=[shifts[number].uuid for number in record["takes"]],
        briefed=True,
        grown=Grown.ADULT,
    )
    ask_to_help(link=link, asking=asking)
    volunteer = Volunteer.objects.latest("pk")
    prove_address(volunteer=volunteer)
    for number in record.get("offers", ()):
        offer(volunteer=volunteer, shift=shifts[number].uuid)
