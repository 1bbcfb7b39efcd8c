"""How a person is named to a viewer: a withheld organisation's people are withheld too."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_see_name


@dataclass(frozen=True)
class PersonCircle:
    """The person's avatar, in the colour of their organisation."""

    initials: str
    hue: int
    name: str


def person_name(viewer: Viewer, person: User, organisation: Organisation | None) -> str:
    """Return the person's name, or a phrase that reveals neither the person nor the organisation."""
    return person.name if organisation is None else visible_name(viewer, person.name, organisation)


def visible_name(viewer: Viewer, name: str, organisation: Organisation) -> str:
    """Return as `person_name`, for callers that load names only."""
    if may_see_name(viewer, organisation):
        return name
    return _("A member of %(organisation)s") % {"organisation": display_name_for(viewer, organisation)}


def person_circle(viewer: Viewer, person: User, organisation: Organisation | None) -> PersonCircle:
    """Return the person's avatar for the viewer: no initials, no colour where the name is withheld."""
    name = person_name(viewer, person, organisation)
    if organisation is None:
        return PersonCircle(person.initials, 0, name)
    if may_see_name(viewer, organisation):
        return PersonCircle(person.initials, organisation.hue, name)
    return PersonCircle("?", 0, name)
