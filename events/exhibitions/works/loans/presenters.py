"""Works that go back to who lent them, on the dashboard."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from events.core.queries import text_in
from events.exhibitions.works.queries import returns_of, returns_where

AHEAD = datetime.timedelta(days=14)


@only_if(lambda user: returns_where(user, until=timezone.localdate(now()) + AHEAD))
def returns_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Works that go back within a fortnight, or should have: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for loan in returns_of(user, until=today + AHEAD):
        event, back = loan.work.exhibition.event, loan.return_on
        if back is None:
            continue
        yield WaitingItem(
            icon="picture",
            title=_("Goes back: %(work)s") % {"work": loan.work.title_in(language)},
            detail=text_in(event, language).title,
            url=reverse("events:work_loan", args=[event.uuid, loan.work.uuid]),
            action=_("Open") if back >= today else _("Overdue"),
            due=datetime.datetime.combine(back, datetime.time(23, 59), tzinfo=event.zone_info),
            urgent=back <= today,
        )
