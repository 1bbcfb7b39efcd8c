"""When a kit is open, and for whom. No I/O.

| | by the link or the public page | confirmed journalists | those who came |
|---|---|---|---|
| at the event, by a moment | from the moment | from the moment | from the moment |
| at the event, on check-in | never | no | yes, unless it is undone |
| afterwards | from its moment, if the event's part has one | from its moment | from its moment |

Nothing is open if the event is cancelled or not public.
"""

import datetime

from events.core.enums import EventState, PressState
from events.core.models import PressGuest
from events.press.kit.enums import KitPhase, KitWay
from events.press.kit.models import EventKit


def open_phases(kit: EventKit, *, guest: PressGuest | None, moment: datetime.datetime) -> frozenset[KitPhase]:
    """Return the phases open at `moment` (aware) to a journalist of this event, or (None) by the
    link."""
    if kit.event.state == EventState.CANCELLED or not kit.event.is_public:
        return frozenset()
    if guest is not None and guest.state != PressState.CONFIRMED:
        return frozenset()
    return frozenset(phase for phase in KitPhase if _is_open(kit, phase, guest, moment))


def _is_open(kit: EventKit, phase: KitPhase, guest: PressGuest | None, moment: datetime.datetime) -> bool:
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        return guest is not None and guest.came_at is not None
    if guest is None and kit.way == KitWay.CHECK_IN:
        return False
    opens = kit.moment_of(phase)
    return opens is not None and opens <= moment


def is_on_public_page(kit: EventKit) -> bool:
    """Whether the event's public page links to the kit."""
    return kit.on_page and kit.way == KitWay.MOMENT and kit.event.is_public
