"""People who are known by a Word file alone, named to one reader. That it is a file that says so is said too:
nobody proved to be this person."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, may_see_name
from documents.interchange.models import IncomingFile


def names_told(viewer: Viewer, file: IncomingFile, names: Iterable[str]) -> dict[str, str]:
    """The names of a file's authors for who looks at it before it is taken in: numbers tell apart those whose
    organisation may not be told. A guest's file is looked at by those who see its guests anyway."""
    known = list(names)
    if file.guest is not None or may_see_name(viewer, file.organisation):
        return {name: name for name in known}
    untold = [name for name in known if name]
    if len(untold) == 1:
        return {name: name and _("Somebody by a Word file") for name in known}
    return {name: name and f"{_('Somebody by a Word file')} ({untold.index(name) + 1})" for name in known}
