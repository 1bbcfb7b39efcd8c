"""Freezes that wait for this person, on the desk's first page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import Freeze, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.dashboard import Waiting
from coalition.workspaces.dashboard_prefilter import only_if
from coalition.workspaces.queries import freezes_for, open_freezes


@only_if(open_freezes)
def freezes_waiting(user: User, viewer: Viewer) -> Iterator[Waiting]:
    """Freezes that the person may confirm, and thaws that want a second word. Never one's own request."""
    for freeze in freezes_for(user):
        if freeze.frozen_at is None and freeze.asked_by_id != user.pk:
            yield _waiting(freeze, _("Confirm the freeze of %(organisation)s"), viewer)
        elif freeze.in_force and freeze.thaw_asked_by_id not in {None, user.pk}:
            yield _waiting(freeze, _("Confirm the thaw of %(organisation)s"), viewer)


def _waiting(freeze: Freeze, title: str, viewer: Viewer) -> Waiting:
    return Waiting(
        icon="lock",
        title=title % {"organisation": display_name_for(viewer, freeze.organisation)},
        detail=freeze.reason,
        url=reverse("workspaces:freeze", args=[freeze.uuid]),
        action=_("Look"),
        urgent=True,
    )
