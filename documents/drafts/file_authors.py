"""People who are known by a Word file alone, named to one reader. That it is a file that says so is said too:
nobody proved to be this person."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, may_see_name


@dataclass(frozen=True)
class ByFile:
    """A name, and the letters of a circle."""

    name: str
    initials: str


def by_file(viewer: Viewer, name: str, organisation: Organisation) -> ByFile:
    """Named if the organisation that brought the file in may be told. `name` is empty once forgotten."""
    if not name or not may_see_name(viewer, organisation):
        return ByFile(_("Somebody by a Word file"), "?")
    initials = "".join(part[0] for part in name.split()[:2]).upper()
    return ByFile(_("%(name)s, by a Word file") % {"name": name}, initials or "?")
