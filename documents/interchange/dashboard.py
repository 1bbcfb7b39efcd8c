"""What files from outside bring to the desk's first page: those that guests sent back."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from documents.interchange.queries import files_of_guests_where, waiting_files


@only_if(files_of_guests_where)
def files_of_guests(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Word files that guests sent back into texts that the person edits: one query."""
    for file in waiting_files(user):
        assert file.text is not None  # noqa: S101  the query leaves out others
        yield WaitingItem(
            icon="file",
            title=file.text.draft.title,
            detail=_("%(name)s sent a Word file back.") % {"name": file.guest_name or _("A guest")},
            url=file.get_absolute_url(),
            action=_("Look at what it brings"),
        )
