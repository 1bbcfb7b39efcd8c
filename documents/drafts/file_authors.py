"""People who are known by a Word file alone, named to one reader. That it is a file that says so is said too:
nobody proved to be this person."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, may_see_name


@dataclass(frozen=True)
class FileAuthorName:
    """A name, and the initials for an avatar."""

    name: str
    initials: str


def file_author_name(viewer: Viewer, name: str, organisation: Organisation) -> FileAuthorName:
    """Return the name if the importing organisation may be disclosed to the viewer.

    `name` is empty once erased.
    """
    if not name or not may_see_name(viewer, organisation):
        return FileAuthorName(_("Somebody by a Word file"), "?")
    initials = "".join(part[0] for part in name.split()[:2]).upper()
    return FileAuthorName(_("%(name)s, by a Word file") % {"name": name}, initials or "?")
