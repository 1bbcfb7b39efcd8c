"""People who come to an event, in the world in which every secret has a word: volunteers and their shifts."""

import datetime

from coalition.clock.now import now
from coalition.partners.enums import Language
from coalition.workspaces.rules import Access, access_to
from events.domain.shift_asking import SigningUp, ask_to_help, prove_address
from events.domain.shift_links import make_link, token_of
from events.domain.shifts import Around, Work, add_shift, set_around
from events.models import Event, Volunteer
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, READERS, World

NOWHERE = ("shiftsilentname", "shiftsilentphone")  # of who never opened the link


def add_people(made: World) -> None:
    """After the events: at the public one somebody helps, and somebody never proved their address."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    event = Event.objects.get(uuid=made.things["event_public"]["event"])
    _volunteers(made, access, event)


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
