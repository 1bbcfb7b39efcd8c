"""Visitors of exhibitions: school groups, the guest book, visitor counts. No mail is sent."""

import datetime
from uuid import uuid4

from coalition.accounts.models import Language, User
from coalition.core.clock import freeze_clock_at
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from demo.load import Record
from events.exhibitions.guest_book.actions import decide_guest_entry, set_guest_book, write_entry
from events.exhibitions.guest_book.models import BookMode, EntryState
from events.exhibitions.school_groups.actions import (
    answer_group,
    confirm_group_address,
    free_slots,
    open_to_groups,
    request_group_visit,
)
from events.exhibitions.visitors.actions import Tap, count_by_link, make_count_link
from events.exhibitions.visitors.models import VisitorGroup
from events.models import CountLink, Event, GroupVisits, GuestBook, SchoolGroup

TAPPED = 5  # people with one tap


def seed_school_groups(access: Access, event: Event, record: Record) -> None:
    """Open the exhibition to school groups, let schools apply, and answer them by hand."""
    terms = {"slot_minutes": record["minutes"], "per_slot": record["at_once"], "most_pupils": record["most"]}
    visits = open_to_groups(access=access, event=event, by_hand=True, **terms)
    for one in record["asking"]:
        _ask(access, visits, one)
    outbox.delete_waiting_mail(about="group-")


def _ask(access: Access, visits: GroupVisits, one: Record) -> None:
    free = free_slots(visits)
    day = sorted(free)[one["open_day"]]
    request_group_visit(
        visits=visits,
        school=one["school"],
        contact=one["contact"],
        address=one["email"],
        phone=one["phone"],
        pupils=one["pupils"],
        grade=one["grade"],
        language=Language(one["language"]),
        on=day,
        begins=free[day][one["slot"]],
        needs=one.get("needs", ""),
    )
    group = SchoolGroup.objects.latest("pk")
    group.visits = visits
    confirm_group_address(group=group)
    if one["answer"] != "asked":
        answer_group(access=access, group=group, confirmed=one["answer"] == "confirmed")


def open_guest_book(access: Access, event: Event, person: User, record: Record) -> None:
    """Open the guest book, add entries from the preview, and moderate them."""
    book = set_guest_book(access=access, event=event, mode=BookMode.OPEN, person=person)
    for one in record["entries"]:
        _write(access, book, one)


def _write(access: Access, book: GuestBook, one: Record) -> None:
    entry = write_entry(
        book=book,
        mark=uuid4(),
        text=one["text"],
        language=Language(one["language"]),
        name=one.get("name", ""),
        town=one.get("town", ""),
        may_show=one["may_show"],
        may_name=one.get("may_name", False),
    )
    state = EntryState(one["state"])
    if state != EntryState.WAITING:
        shown = one.get("shown", "")
        decide_guest_entry(access=access, entry=entry, state=state, seen=EntryState.WAITING, shown=shown)


def count_visitors(access: Access, event: Event, record: Record) -> None:
    """Make a counting link, and count visitors by it on the event's day, hour by hour."""
    link = make_count_link(access=access, event=event, name=record["link"])
    for hour, adults, children in record["hours"]:
        wall = datetime.time(hour, 30)
        moment = datetime.datetime.combine(event.starts_on, wall, tzinfo=event.zone_info)
        with freeze_clock_at(moment.astimezone(datetime.UTC)):
            _count(link, VisitorGroup.ADULTS, adults, moment)
            _count(link, VisitorGroup.CHILDREN, children, moment)


def _count(link: CountLink, group: VisitorGroup, people: int, moment: datetime.datetime) -> None:
    numbers = [TAPPED] * (people // TAPPED) + [1] * (people % TAPPED)
    count_by_link(link=link, taps=[Tap(uuid4(), group, number, moment) for number in numbers])
