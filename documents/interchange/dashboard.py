"""Dashboard entries for files: those that guests have uploaded."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from documents.interchange.queries import guest_files_waiting, possible_guest_files


@only_if(possible_guest_files)
def guest_files_to_review(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Return Word files that guests uploaded for texts that the person edits: one query."""
    for file in guest_files_waiting(user):
        assert file.text is not None  # noqa: S101  the query leaves out others
        yield WaitingItem(
            icon="file",
            title=file.text.draft.title,
            detail=_("%(name)s sent a Word file back.") % {"name": file.guest_name or _("A guest")},
            url=file.get_absolute_url(),
            action=_("Look at what it brings"),
        )
