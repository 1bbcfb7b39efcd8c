"""What publications bring to the desk's first page: texts about which something is to be decided."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from documents.publication.embargo.queries import may_be_scheduled_for, scheduled_for
from documents.publication.queries import awaiting_decision, may_await_decision


@only_if(may_await_decision)
def to_decide(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Public texts of the person's workspaces whose rule holds no more: two queries."""
    for publication in awaiting_decision(user):
        yield WaitingItem(
            icon="warn",
            title=publication.title,
            detail=_("A name was taken off, and its rule does not hold any more."),
            url=reverse("documents:publication", args=[publication.uuid]),
            action=_("Decide"),
            urgent=True,
        )


@only_if(may_be_scheduled_for)
def moments(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Texts that become public at a moment that was set: one query."""
    for publication in scheduled_for(user):
        if publication.scheduled_at is not None:
            yield UpcomingItem(
                at=publication.scheduled_at,
                title=_("Becomes public: %(title)s") % {"title": publication.draft.title},
                detail=publication.draft.workspace.title,
                url=reverse("documents:embargo", args=[publication.uuid]),
            )
