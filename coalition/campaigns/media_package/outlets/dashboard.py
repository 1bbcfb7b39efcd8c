"""What of media packages waits for a newsroom's own people."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.media_package.outlets.queries import new_links_for
from coalition.workspaces.dashboard import WaitingItem, counted_source


@counted_source(new_links_for)
def packages_for_newsroom(count: int) -> Iterable[WaitingItem]:
    """One line for packages of which nothing was taken yet."""
    detail = ngettext("%(count)d package is new to you.", "%(count)d packages are new to you.", count)
    yield WaitingItem(
        icon="horn",
        title=_("Media packages for your newsroom"),
        detail=detail % {"count": count},
        url=reverse("campaigns:outlet_desk"),
        action=_("Open them"),
    )
