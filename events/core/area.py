"""Areas of an event: each has its own page, and one line on the event's page.

An area is a function of the event and the person's access that returns its line, or None where
the area does not apply to this kind of event or to this person. At most one query each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coalition.workspaces.permissions import Access
from events.core.models import Event


@dataclass(frozen=True)
class Area:
    """`label`: name; `words`: status, in half a sentence; `icon`: of the sprite; `warns`: whether
    something there is late or wrong."""

    label: str
    words: str
    address: str
    icon: str
    warns: bool = False


AreaOf = Callable[[Event, Access], Area | None]

_areas: dict[int, AreaOf] = {}


def register_area(place: int, area_of: AreaOf) -> None:
    """Add a line of the event's page; the lowest place stands first. Raises LookupError if it is taken."""
    if place in _areas:
        raise LookupError(f"place {place} on the event's page is taken")
    _areas[place] = area_of


def areas_of(event: Event, access: Access) -> list[Area]:
    """Return the lines for this person, in order."""
    lines = (_areas[place](event, access) for place in sorted(_areas))
    return [line for line in lines if line is not None]
