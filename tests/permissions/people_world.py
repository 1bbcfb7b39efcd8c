"""People who come to an event, in the world in which every secret has a word: volunteers and their shifts."""

import datetime

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from events.core.actions.plan import announce_event, plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput, set_hours
from events.core.enums import EventKind, Visibility
from events.core.models import OpeningHours
from events.exhibitions.school_groups.actions import (
    confirm_group_address,
    open_to_groups,
    request_group_visit,
)
from events.models import Event, SchoolGroup, Volunteer
from events.volunteers.actions.shifts import add_shift, set_shift_plan
from events.volunteers.actions.sign_up import (
    confirm_volunteer_address,
    make_shift_link,
    request_sign_up,
    shift_link_token,
)
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, READERS, World

NOWHERE = (  # of who never opened the link
    "shiftsilentname",
    "shiftsilentphone",
    *(f"groupsilent{what}" for what in ("school", "contact", "phone", "needs", "grade")),
)


def add_people(made: World) -> None:
    """After the events: at the public one somebody helps, and somebody never proved their address."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    event = Event.objects.get(uuid=made.things["event_public"]["event"])
    _volunteers(made, access, event)
    _groups(made, access)


def _volunteers(made: World, access: Access, event: Event) -> None:
    brief = made.canary("shift", "brief", EVERYONE)  # whoever holds the link reads it
    caller = {what: made.canary("shift", f"caller{what}", PLANNERS) for what in ("name", "phone")}
    called = {"caller_name": caller["name"], "caller_phone": caller["phone"]}
    set_shift_plan(access=access, event=event, brief={"kk": brief}, **called)
    title = made.canary("shift", "title", EVERYONE)
    hours = {"begins": datetime.time(20), "ends": datetime.time(21)}
    shift = add_shift(access=access, event=event, title={"kk": title}, on=event.starts_on, needed=3, **hours)
    name = made.canary("shift", "linkname", PLANNERS)
    until = now() + datetime.timedelta(days=1)
    link = make_shift_link(access=access, event=event, until=until, name=name)
    for who, address, roles in (("silent", "canaryshiftsilentguest", ()), ("", "canaryshiftguest", None)):
        request_sign_up(
            link=link,
            name=made.canary("shift", f"{who}name", READERS if roles is None else roles),
            address=f"{address}@tests.example",
            phone=made.canary("shift", f"{who}phone", PLANNERS if roles is None else roles),
            language=Language.EN,
            shifts=[shift.uuid],
            briefed=True,
        )
    volunteer = Volunteer.objects.latest("pk")
    confirm_volunteer_address(volunteer=volunteer)
    made.things["event_public"] |= {
        "shift": shift.uuid,
        "assignment": volunteer.assignments.get().uuid,
        "link": link.uuid,
    }
    made.things["shift_link"] = {"token": shift_link_token(link)}


def _groups(made: World, access: Access) -> None:
    """An exhibition with a group that comes, and one that never proved its address."""
    day = (now() + datetime.timedelta(days=2)).date()
    title = made.canary("group", "title", EVERYONE)
    event = plan_event(
        access=access,
        kind=EventKind.EXHIBITION,
        texts=dict.fromkeys(("kk", "ru", "en"), EventTextInput(title=title, place="P", address="A")),
        times=EventTimesInput(day, run_from=day, run_until=day),
        place=EventPlaceInput(region="KZ-75"),
        handling=Handling.PUBLIC,
    )
    week = [
        OpeningHours(weekday=weekday, opens=datetime.time(10), closes=datetime.time(18))
        for weekday in range(7)
    ]
    set_hours(access=access, event=event, hours=week)
    event = announce_event(access=access, event=event, visibility=Visibility.PUBLIC)
    visits = open_to_groups(access=access, event=event, slot_minutes=60, per_slot=2, most_pupils=30)
    for who, roles in (("silent", ()), ("", PLANNERS)):
        names = ("school", "contact", "phone", "needs", "grade")
        said = {what: made.canary("group", f"{who}{what}", roles) for what in names}
        address = f"canarygroup{who}guest@tests.example"
        given = {"address": address, "pupils": 9, "language": Language.EN}
        request_group_visit(visits=visits, on=day, begins=datetime.time(11), **said, **given)
    group = SchoolGroup.objects.latest("pk")
    confirm_group_address(group=group)
    made.things["event_groups"] = {
        "event": event.uuid,
        "group": group.uuid,
        "slug": event.slug,
        "workspace": made.workspace.uuid,
    }
