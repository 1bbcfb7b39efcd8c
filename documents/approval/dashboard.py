"""Dashboard entries of approvals: decisions to make, texts to publish, deadlines."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from documents.approval.queries.rounds import led_by, may_wait_for, rounds_to_settle, undecided_for

DEADLINE_SOON = datetime.timedelta(hours=48)


@only_if(may_wait_for)
def approvals_to_give(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield texts awaiting the decision of an organisation the person may decide for: one query."""
    moment = now()
    for asked in undecided_for(user):
        round_ = asked.round
        name = display_name_for(viewer, asked.organisation)
        late = round_.deadline <= moment
        yield WaitingItem(
            icon="check",
            title=round_.draft.title,
            detail=_("The deadline has passed. %(organisation)s has not decided yet.")
            % {"organisation": name}
            if late
            else _("%(organisation)s is asked to approve it.") % {"organisation": name},
            url=reverse("documents:decide_for", args=[round_.uuid, asked.organisation.uuid]),
            action=_("Read and decide"),
            due=round_.deadline,
            urgent=round_.deadline - moment < DEADLINE_SOON,
        )


@only_if(led_by)
def rounds_waiting(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield rounds the person coordinates that can be published, or in which changes were asked.
    Scheduled ones are listed as upcoming."""
    for round_ in rounds_to_settle(user):
        if round_.scheduled and not round_.lacks:
            continue
        if not round_.lacks:
            yield WaitingItem(
                icon="horn",
                title=round_.draft.title,
                detail=_("Nothing is missing: this can be published."),
                url=round_.get_absolute_url(),
                action=_("Publish"),
                urgent=True,
            )
        elif round_.changes_asked:
            yield WaitingItem(
                icon="pen",
                title=round_.draft.title,
                detail=_("An organisation asks for changes."),
                url=round_.get_absolute_url(),
                action=_("See what is asked"),
                due=round_.deadline,
                urgent=round_.deadline - now() < DEADLINE_SOON,
            )


@only_if(led_by)
def upcoming_deadlines(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Yield deadlines of open rounds the person coordinates."""
    moment = now()
    for round_ in (one for one in rounds_to_settle(user) if one.deadline > moment):
        yield UpcomingItem(
            at=round_.deadline,
            title=_("Approval closes: %(title)s") % {"title": round_.draft.title},
            detail=round_.draft.workspace.title,
            url=round_.get_absolute_url(),
        )
