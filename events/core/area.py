"""The areas of an event beside its own page: each has a page of its own, and one line on the event's page.

An area is a function of the event and the person's access that gives its line, or None where the area does
not belong to this kind of event or is not for this person. At most one query each.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coalition.workspaces.permissions import Access
from events.core.models import Event


@dataclass(frozen=True)
class Area:
    """`label`: what it is called; `words`: how it stands, in half a sentence; `icon`: of the sprite;
    `warns`: whether something there is late or wrong."""

    label: str
    words: str
    address: str
    icon: str
    warns: bool = False


AreaOf = Callable[[Event, Access], Area | None]

# In the order of the page. Filled from `ready()`.
areas: list[AreaOf] = []


def areas_of(event: Event, access: Access) -> list[Area]:
    """The lines for this person, in order."""
    return [line for area_of in areas if (line := area_of(event, access)) is not None]
