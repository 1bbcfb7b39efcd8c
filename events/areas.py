"""The areas of an event beside its own page: each has a page of its own, and one line here.

An area is a function of the event and the person's access that gives its line, or nothing where the area
does not belong to this kind of event or is not for this person. One question to the database each at most.
"""

from collections.abc import Callable

from coalition.workspaces.rules import Access
from events.core.area import Area
from events.core.models import Event
from events.exhibitions.guest_book.presenters import guest_book_area
from events.exhibitions.school_groups.presenters import groups_area
from events.exhibitions.visitors.presenters import visitors_area
from events.exhibitions.works.presenters import film_area, works_area
from events.press.coverage.presenters import coverage_area
from events.press.kit.presenters import kit_area
from events.press.registration.check_in.presenters import door_area
from events.production.debrief.presenters import afterwards_area
from events.production.safety.presenters import safety_area
from events.production.speakers.presenters import speakers_area
from events.questions.presenters import questions_area
from events.volunteers.presenters import shifts_area

AreaOf = Callable[[Event, Access], Area | None]

AREAS: tuple[AreaOf, ...] = (
    door_area,
    safety_area,
    speakers_area,
    questions_area,
    shifts_area,
    works_area,
    film_area,
    groups_area,
    visitors_area,
    kit_area,
    guest_book_area,
    afterwards_area,
    coverage_area,
)


def areas_of(event: Event, access: Access) -> list[Area]:
    """The lines for this person, in the order of the table."""
    return [area for area_of in AREAS if (area := area_of(event, access)) is not None]
