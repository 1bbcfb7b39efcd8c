"""What of screenings waits on a person's first page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.screenings.presenters import waiting_words
from coalition.campaigns.screenings.queries import requests_waiting
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.models import Workspace


@only_if(requests_waiting)
def screenings_to_answer(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line for each workspace with requests that wait."""
    found: dict[Workspace, int] = {}
    for row in requests_waiting(user):
        found[row.workspace] = found.get(row.workspace, 0) + 1
    for workspace, count in found.items():
        yield WaitingItem(
            icon="picture",
            title=_("Screenings: %(title)s") % {"title": workspace.title},
            detail=waiting_words(count),
            url=reverse("campaigns:screenings", args=[workspace.uuid]),
            action=_("Answer them"),
        )
