"""The desk's first page: what waits for me comes first."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.workspaces import access, visits
from coalition.workspaces import dashboard as desk
from coalition.workspaces.activity_words import Told, tell
from coalition.workspaces.context_processors import missing_of, waiting_of
from coalition.workspaces.queries import activity_for
from coalition.workspaces.rules import may_create_workspaces

MOST_TEXTS = 12
MOST_NEWS = 12
NEXT_DAYS = datetime.timedelta(days=14)


@access.members_only
def dashboard(request: HttpRequest) -> HttpResponse:
    user = access.person(request)
    with desk.asked_at_once(user, [*desk.work_sources, *desk.coming_sources]):
        context = _what_there_is(request, user)
    if not context["work"]:
        context["may_create"] = may_create_workspaces(user)
    return render(request, "workspaces/dashboard.html", context)


def _what_there_is(request: HttpRequest, user: User) -> dict[str, object]:
    viewer = access.viewer(request)
    work = [row for source in desk.work_sources for row in source(user, viewer)]
    coming = [row for source in desk.coming_sources for row in source(user, viewer)]
    missing = missing_of(request)
    moment = timezone.localtime(now())
    until = moment + NEXT_DAYS
    return {
        "nav_current": "home",
        "now": moment,
        "offset": f"{_hours_from_utc(moment):+d}",
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
        "waiting": waiting_of(request),
        "work": sorted(work, key=lambda row: row.changed_at, reverse=True)[:MOST_TEXTS],
        "coming": sorted((row for row in coming if row.at <= until), key=lambda row: row.at),
        "since": visits.since(request),
        "news": _news(request),
    }


def _hours_from_utc(moment: datetime.datetime) -> int:
    offset = moment.utcoffset() or datetime.timedelta()
    return int(offset.total_seconds() // 3600)


def _news(request: HttpRequest) -> list[Told]:
    """What others did since the person's last visit."""
    since = visits.since(request)
    rows = activity_for(request.user).exclude(actor=request.user.pk)
    if since is not None:
        rows = rows.filter(at__gt=since)
    return tell(access.viewer(request), rows[:MOST_NEWS])
