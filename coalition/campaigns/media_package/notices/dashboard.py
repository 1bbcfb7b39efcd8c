"""What of notices waits on a person's first page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.notices.presenters import overdue_words
from coalition.campaigns.media_package.notices.queries import overdue_for
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.models import Workspace


@only_if(overdue_for)
def outlets_to_call(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line for each workspace with outlets that have not answered for 48 hours."""
    found: dict[Workspace, int] = {}
    for row in overdue_for(user):
        workspace = row.notice.item.package.workspace
        found[workspace] = found.get(workspace, 0) + 1
    for workspace, count in found.items():
        yield WaitingItem(
            icon="clock",
            title=_("To call: %(title)s") % {"title": workspace.title},
            detail=overdue_words(count),
            url=reverse("campaigns:media_calls", args=[workspace.uuid]),
            action=_("Call them"),
        )
