"""Groups that ask to join, on the first page of representatives who may vouch for them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.request_queries import unvouched
from coalition.workspaces.dashboard import Waiting
from coalition.workspaces.dashboard_prefilter import counted


@counted(unvouched)
def requests_waiting(count: int) -> Iterator[Waiting]:
    """One row for all of them."""
    yield Waiting(
        icon="people",
        title=ngettext(
            "%(count)s group asks to join the coalition",
            "%(count)s groups ask to join the coalition",
            count,
        )
        % {"count": count},
        detail=_("Vouch for it if you know the people."),
        url=reverse("partners:requests"),
        action=_("Look"),
    )
