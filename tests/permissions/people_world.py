"""People who come to an event, in the world in which every secret has a word: volunteers and their shifts."""

import datetime

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.enums import Handling
from events.core.actions.announce import announce_event
from events.core.actions.plan import plan_event
from events.core.actions.proposal import Hours, Place, Planned, Words
from events.core.actions.times import set_hours
from events.core.enums import EventKind, Visibility
from events.exhibitions.school_groups.actions import (
    GroupAsking,
    Visits,
    ask_with_group,
    open_to_groups,
    prove_group,
)
from events.models import Event, SchoolGroup, Volunteer
from events.volunteers.actions.shifts import Around, Work, add_shift, set_around
from events.volunteers.actions.sign_up import SigningUp, ask_to_help, make_link, prove_address, token_of
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
    around = Around({"kk": brief}, caller["name"], caller["phone"])
    set_around(access=access, event=event, around=around)
    title = made.canary("shift", "title", EVERYONE)
    work = Work({"kk": title}, event.starts_on, datetime.time(20), datetime.time(21), 3)
    shift = add_shift(access=access, event=event, work=work)
    name = made.canary("shift", "linkname", PLANNERS)
    until = now() + datetime.timedelta(days=1)
    link = make_link(access=access, event=event, until=until, name=name)
    for who, address, roles in (("silent", "canaryshiftsilentguest", ()), ("", "canaryshiftguest", None)):
        asking = SigningUp(
            name=made.canary("shift", f"{who}name", READERS if roles is None else roles),
            address=f"{address}@tests.example",
            phone=made.canary("shift", f"{who}phone", PLANNERS if roles is None else roles),
            language=Language.EN,
            shifts=[shift.uuid],
            briefed=True,
        )
        ask_to_help(link=link, asking=asking)
    volunteer = Volunteer.objects.latest("pk")
    prove_address(volunteer=volunteer)
    made.things["event_public"] |= {
        "shift": shift.uuid,
        "turn": volunteer.turns.get().uuid,
        "link": link.uuid,
    }
    made.things["shift_link"] = {"token": token_of(link)}


def _groups(made: World, access: Access) -> None:
    """An exhibition with a group that comes, and one that never proved its address."""
    day = (now() + datetime.timedelta(days=2)).date()
    title = made.canary("group", "title", EVERYONE)
    event = plan_event(
        access=access,
        kind=EventKind.EXHIBITION,
        texts=dict.fromkeys(("kk", "ru", "en"), Words(title=title, place="P", address="A")),
        times=Planned(day, run_from=day, run_until=day),
        place=Place(region="KZ-75"),
        handling=Handling.PUBLIC,
    )
    week = [Hours(weekday, datetime.time(10), datetime.time(18)) for weekday in range(7)]
    set_hours(access=access, event=event, hours=week)
    event = announce_event(access=access, event=event, visibility=Visibility.PUBLIC)
    visits = open_to_groups(access=access, event=event, visits=Visits(60, 2, 30))
    for who, roles in (("silent", ()), ("", PLANNERS)):
        names = ("school", "contact", "phone", "needs", "grade")
        said = {what: made.canary("group", f"{who}{what}", roles) for what in names}
        address = f"canarygroup{who}guest@tests.example"
        asking = GroupAsking(
            **said, address=address, pupils=9, language=Language.EN, on=day, begins=datetime.time(11)
        )
        ask_with_group(visits=visits, asking=asking)
    group = SchoolGroup.objects.latest("pk")
    prove_group(group=group)
    made.things["event_groups"] = {
        "event": event.uuid,
        "group": group.uuid,
        "slug": event.slug,
        "workspace": made.workspace.uuid,
    }
