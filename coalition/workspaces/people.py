"""How a person is named, to whom: someone of an organisation whose name is not told is not named either."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_be_told


@dataclass(frozen=True)
class Circle:
    """The circle of a person, wearing the colour of their organisation."""

    initials: str
    hue: int
    name: str


def name_of(viewer: Viewer, person: User, organisation: Organisation | None) -> str:
    """The person's name, or words that tell neither the person nor the organisation."""
    return person.name if organisation is None else told_name(viewer, person.name, organisation)


def told_name(viewer: Viewer, name: str, organisation: Organisation) -> str:
    """As `name_of`, for who reads names alone."""
    if may_be_told(viewer, organisation):
        return name
    return _("A member of %(organisation)s") % {"organisation": display_name_for(viewer, organisation)}


def circle_of(viewer: Viewer, person: User, organisation: Organisation | None) -> Circle:
    """The person's circle as the viewer may see it: no initials and no colour where no name is told."""
    name = name_of(viewer, person, organisation)
    if organisation is None:
        return Circle(person.initials, 0, name)
    if may_be_told(viewer, organisation):
        return Circle(person.initials, organisation.hue, name)
    return Circle("?", 0, name)
