"""What of posters waits on a person's first page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters.facts import flagged_items
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.models import Workspace


@only_if(flagged_items)
def changed_figures(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line for each workspace with items whose figure has changed."""
    found: dict[Workspace, list[MediaItem]] = {}
    for item in flagged_items(user):
        found.setdefault(item.package.workspace, []).append(item)
    for workspace, items in found.items():
        one = items[0]
        url = (
            reverse("campaigns:media_item", args=[one.uuid])
            if len(items) == 1
            else reverse("campaigns:media_packages", args=[workspace.uuid])
        )
        title = ngettext(
            "The figure on %(count)d poster has changed",
            "The figure on %(count)d posters has changed",
            len(items),
        )
        yield WaitingItem(
            icon="fact",
            title=title % {"count": len(items)},
            detail=_("%(workspace)s. Take the new figure into the text, and ask for approval.")
            % {"workspace": workspace.title},
            url=url,
            action=_("Look at it"),
        )
