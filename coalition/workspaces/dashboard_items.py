"""Freezes that await this person, on the dashboard."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.models import Freeze, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import requests_to_vouch_for
from coalition.workspaces.dashboard import WaitingItem, counted_source, only_if
from coalition.workspaces.queries import freezes_for, open_freezes


@only_if(open_freezes)
def freezes_waiting(user: User, viewer: Viewer) -> Iterator[WaitingItem]:
    """Yield freezes that the person may confirm and requested thaws, except their own requests."""
    for freeze in freezes_for(user):
        if freeze.frozen_at is None and freeze.asked_by_id != user.pk:
            yield _freeze_item(freeze, _("Confirm the freeze of %(organisation)s"), viewer)
        elif freeze.in_force and freeze.thaw_asked_by_id not in {None, user.pk}:
            yield _freeze_item(freeze, _("Confirm the thaw of %(organisation)s"), viewer)


def _freeze_item(freeze: Freeze, title: str, viewer: Viewer) -> WaitingItem:
    return WaitingItem(
        icon="lock",
        title=title % {"organisation": display_name_for(viewer, freeze.organisation)},
        detail=freeze.reason,
        url=reverse("workspaces:freeze", args=[freeze.uuid]),
        action=_("Look"),
        urgent=True,
    )


# --- membership requests ---
# Membership requests on the dashboard of representatives who may vouch for them.


@counted_source(requests_to_vouch_for)
def requests_waiting(count: int) -> Iterator[WaitingItem]:
    """Yield one row for all of them."""
    yield WaitingItem(
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
