"""Groups that ask to join, on the first page of representatives who may vouch for them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.partners.models import User
from coalition.partners.naming import Viewer
from coalition.partners.request_queries import unvouched_count
from coalition.workspaces.desk import Waiting


def requests_waiting(user: User, _viewer: Viewer) -> Iterator[Waiting]:
    """One row for all of them: one query."""
    count = unvouched_count(user)
    if count:
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
