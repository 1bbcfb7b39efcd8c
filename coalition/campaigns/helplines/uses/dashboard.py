"""What uses bring to the desk's first page, and to the phones of operators."""

import datetime
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.helplines.mentions import Mention
from coalition.campaigns.helplines.models import Helpline
from coalition.campaigns.helplines.uses.enums import Staffed
from coalition.campaigns.helplines.uses.flags import CONFIRM_BEFORE, flags_of
from coalition.campaigns.helplines.uses.queries import (
    uses_planned_by,
    uses_seen_by_operators,
    uses_waiting_for,
)
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words, moment_with_time_zone
from coalition.workspaces.dashboard import WaitingItem, only_if

MOST_ON_DESK = 20


@only_if(uses_waiting_for)
def staffing_asked(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Questions to the person's organisations whether a line is staffed: two queries."""
    moment = now()
    for use in uses_waiting_for(user).with_lines()[:MOST_ON_DESK]:
        planner = display_name_for(viewer, use.organisation)
        yield WaitingItem(
            icon="speech",
            title=use.title,
            detail=_("%(organisation)s asks: is your line staffed then?") % {"organisation": planner},
            url=reverse("campaigns:staffing", args=[use.uuid]),
            action=_("Answer"),
            due=use.starts_at,
            urgent=use.starts_at - moment <= CONFIRM_BEFORE,
        )


@only_if(uses_planned_by)
def uses_flagged(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Uses with flags in workspaces where the person can change them: two queries."""
    moment = now()
    flagged = ((use, flags) for use in uses_planned_by(user).with_lines() if (flags := flags_of(use, moment)))
    for _place, (use, flags) in zip(range(MOST_ON_DESK), flagged, strict=False):
        yield WaitingItem(
            icon="warn",
            title=use.title,
            detail=str(flags[0].label),
            url=use.get_absolute_url(),
            action=_("Look at it"),
            due=use.starts_at if use.starts_at > moment else None,
            urgent=flags[0].is_severe and use.starts_at - moment <= CONFIRM_BEFORE,
        )


def helpline_mentions(helpline: Helpline, day: datetime.date) -> Iterator[Mention]:
    """What names the line on a day, and what its operators are asked; titles are written for them. Two
    queries."""
    moment = now()
    for use in uses_seen_by_operators(helpline, day, moment).with_lines():
        local = timezone.localtime(use.starts_at)
        when = (
            formats.time_format(local, "H:i") if local.date() == day else moment_with_time_zone(use.starts_at)
        )
        if use.ends_on is not None and use.ends_on != local.date():
            when = _("%(when)s, until %(day)s") % {"when": when, "day": day_in_words(use.ends_on)}
        answer = use.staffing
        declined = answer is not None and answer.answer == Staffed.NO
        waits = use.asked_at is not None and not declined and not use.is_confirmed(moment)
        yield Mention(
            uuid=use.uuid,
            title=use.title,
            when=when,
            question=_("Is the line staffed then?") if waits else "",
            answer_url="operator_staffing" if waits else "",
        )
