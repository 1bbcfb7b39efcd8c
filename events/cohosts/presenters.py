"""Requests to host together, on the dashboard."""

import datetime
from collections.abc import Iterable

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from events.core.models import EventText
from events.core.queries import hosting_requests_of, text_in

AHEAD = datetime.timedelta(days=14)


@only_if(hosting_requests_of)
def hosting_asked(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Requests to host together that wait for the person as representative: two queries."""
    words = EventText.objects.defer("text", "component")
    for asked in hosting_requests_of(user).prefetch_related(Prefetch("event__texts", queryset=words)):
        told = {
            "planner": display_name_for(viewer, asked.event.organisation),
            "organisation": display_name_for(viewer, asked.organisation),
        }
        yield WaitingItem(
            icon="calendar",
            title=text_in(asked.event, get_language() or "").title,
            detail=_("%(planner)s asks whether %(organisation)s hosts this event too.") % told,
            url=reverse("events:answer_co_hosting", args=[asked.event.uuid]),
            action=_("Answer"),
            due=asked.event.starts_at,
            urgent=asked.event.starts_at - now() < AHEAD,
        )
