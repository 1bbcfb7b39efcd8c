"""How a person is named, to whom: someone of an organisation whose name is not told is not named either."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_see_name


@dataclass(frozen=True)
class PersonCircle:
    """The circle of a person, wearing the colour of their organisation."""

    initials: str
    hue: int
    name: str


def person_name(viewer: Viewer, person: User, organisation: Organisation | None) -> str:
    """The person's name, or words that tell neither the person nor the organisation."""
    return person.name if organisation is None else visible_name(viewer, person.name, organisation)


def visible_name(viewer: Viewer, name: str, organisation: Organisation) -> str:
    """As `name_of`, for who reads names alone."""
    if may_see_name(viewer, organisation):
        return name
    return _("A member of %(organisation)s") % {"organisation": display_name_for(viewer, organisation)}


def person_circle(viewer: Viewer, person: User, organisation: Organisation | None) -> PersonCircle:
    """The person's circle as the viewer may see it: no initials and no colour where no name is told."""
    name = person_name(viewer, person, organisation)
    if organisation is None:
        return PersonCircle(person.initials, 0, name)
    if may_see_name(viewer, organisation):
        return PersonCircle(person.initials, organisation.hue, name)
    return PersonCircle("?", 0, name)
