"""Display names of people known only from a Word file, for one viewer.

The file is named as the source, since the identity is unverified.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, may_see_name
from documents.interchange.models import IncomingFile


def file_author_names(viewer: Viewer, file: IncomingFile, names: Iterable[str]) -> dict[str, str]:
    """Return the names of a file's authors for a viewer before import.

    Authors of an organisation that may not be disclosed are distinguished by numbers. The
    reviewers of a guest's file see its guests in any case.
    """
    known = list(names)
    if file.guest is not None or may_see_name(viewer, file.organisation):
        return {name: name for name in known}
    untold = [name for name in known if name]
    if len(untold) == 1:
        return {name: name and _("Somebody by a Word file") for name in known}
    return {name: name and f"{_('Somebody by a Word file')} ({untold.index(name) + 1})" for name in known}
