"""The desk's first page: what waits for me comes first."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coalition.accounts.models import User
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.workspaces import dashboard as workspaces_dashboard
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.activity_sentences import ActivitySentence, describe_activities
from coalition.workspaces.context_processors import get_missing_requirements, get_waiting_items
from coalition.workspaces.permissions import may_create_workspaces
from coalition.workspaces.queries import activity_for

MOST_TEXTS = 12
MOST_NEWS = 12
NEXT_DAYS = datetime.timedelta(days=14)


@member_required
def dashboard(request: HttpRequest) -> HttpResponse:
    user = get_person(request)
    with workspaces_dashboard.prefilter_dashboard(
        user, [*workspaces_dashboard.work_sources, *workspaces_dashboard.coming_sources]
    ):
        context = _dashboard_context(request, user)
    if not context["work"]:
        context["may_create"] = may_create_workspaces(user)
    return render(request, "workspaces/dashboard.html", context)


def _dashboard_context(request: HttpRequest, user: User) -> dict[str, object]:
    viewer = get_viewer(request)
    work = [row for source in workspaces_dashboard.work_sources for row in source(user, viewer)]
    coming = [row for source in workspaces_dashboard.coming_sources for row in source(user, viewer)]
    missing = get_missing_requirements(request)
    moment = timezone.localtime(now())
    until = moment + NEXT_DAYS
    return {
        "nav_current": "home",
        "now": moment,
        "offset": f"{_hours_from_utc(moment):+d}",
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
        "waiting": get_waiting_items(request),
        "work": sorted(work, key=lambda row: row.changed_at, reverse=True)[:MOST_TEXTS],
        "coming": sorted((row for row in coming if row.at <= until), key=lambda row: row.at),
        "since": visits.previous_visit(request),
        "news": _recent_activity(request),
    }


def _hours_from_utc(moment: datetime.datetime) -> int:
    offset = moment.utcoffset() or datetime.timedelta()
    return int(offset.total_seconds() // 3600)


def _recent_activity(request: HttpRequest) -> list[ActivitySentence]:
    """What others did since the person's last visit."""
    since = visits.previous_visit(request)
    rows = activity_for(request.user).exclude(actor=request.user.pk)
    if since is not None:
        rows = rows.filter(at__gt=since)
    return describe_activities(get_viewer(request), rows[:MOST_NEWS])
