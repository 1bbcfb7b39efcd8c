"""The members' calendar: month, week, agenda, and what is mine."""

import datetime
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.accounts.views.access import get_person, get_viewer
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import open_workspaces_for, workspaces_for
from events.calendar.presenters import AgendaDay, Asking, Span, agenda_of, gather
from events.core.enums import Consent
from events.core.models import CoHost, Event, EventInvitation
from events.core.month_grid import month_of, span_of
from events.core.occurrences import DAY
from events.core.opening_hours_text import range_in_words
from events.core.permissions import may_plan
from events.core.queries import events_for

VIEWS = ("month", "week", "agenda", "mine")
AGENDA = datetime.timedelta(days=35)
MINE = datetime.timedelta(days=91)
MOST_CLASHES = 3


@dataclass(frozen=True)
class Page:
    """Which page of the calendar is asked for."""

    view: str
    on: datetime.date
    first: datetime.date
    last: datetime.date
    base: str
    kept: dict[str, str] = field(default_factory=dict)

    def at(self, on: datetime.date, view: str = "") -> str:
        """The address of the same calendar at another day or in another view."""
        shown = view or self.view
        day = on.strftime("%Y-%m") if shown == "month" else on.isoformat()
        return f"{self.base}?{urlencode({'view': shown, 'on': day, **self.kept})}"


@member_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Everything the person may see; `?workspace=` narrows it to one of their workspaces."""
    workspaces = list(open_workspaces_for(request.user))
    asked = request.GET.get("workspace", "")
    chosen = next((row for row in workspaces if str(row.uuid) == asked), None)
    if asked and chosen is None:
        raise Http404
    kept = {"workspace": asked} if chosen else {}
    page = _page(request, reverse("events:calendar"), kept)
    planning = set(workspaces_for(request.user, Right.PLAN).values_list("pk", flat=True))
    context: dict[str, object] = {
        "nav_current": "calendar",
        "workspaces": workspaces,
        "chosen": chosen,
        "plan_in": [row for row in workspaces if row.pk in planning and chosen in (None, row)],
        "live": workspaces if chosen is None else [chosen],
    }
    return _draw(request, page, context, chosen)


@member_required
@require_safe
def workspace_calendar(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The same for one workspace, under its tabs."""
    access = get_access(request, workspace)
    page = _page(request, reverse("events:workspace_calendar", args=[access.workspace.uuid]), {})
    context: dict[str, object] = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "plan_in": [access.workspace] if may_plan(access) else [],
        "live": [access.workspace],
    }
    return _draw(request, page, context, access.workspace, access)


def _page(request: HttpRequest, base: str, kept: dict[str, str]) -> Page:
    view = request.GET.get("view", "month")
    if view not in VIEWS:
        raise Http404
    on = _day(request.GET.get("on", "")) or timezone.localdate()
    if view == "month":
        first, last = span_of(on)
    elif view == "week":
        first = on - datetime.timedelta(days=on.weekday())
        last = first + datetime.timedelta(days=6)
    else:
        first, last = on, on + (MINE if view == "mine" else AGENDA) - DAY
    return Page(view, on, first, last, base, kept)


def _day(words: str) -> datetime.date | None:
    """From “2026-03-07” or “2026-03”; None if it is neither, or too far away to be meant."""
    try:
        day = datetime.date.fromisoformat(f"{words}-01" if words.count("-") == 1 else words)
    except ValueError:
        return None
    return day if 1992 <= day.year <= 2099 else None


def _draw(
    request: HttpRequest,
    page: Page,
    context: dict[str, object],
    workspace: Workspace | None,
    access: Access | None = None,
) -> HttpResponse:
    span = _span(request, page, workspace)
    today = timezone.localdate()
    days = agenda_of(span, today=today)
    context |= {
        "page": page,
        "tabs": _tabs(page),
        "clashing": span.clashing[:MOST_CLASHES],
        "around": _around(page, today),
        "heading": _heading(page),
        "offset": f"{_hours_from_utc():+d}",
        "topics": " ".join(f"workspace:{row.uuid}" for row in context["live"]),  # type: ignore[attr-defined]  # ours
        "days": days if page.view == "week" else [day for day in days if not day.is_empty],
    }
    if page.view == "month":
        context["month"] = month_of(
            page.on,
            today=today,
            entries=span.entries,
            stretches=span.stretches,
            names=span.names,
            day_url=page.at(page.on, "agenda").replace(page.on.isoformat(), "{date}") + "#day-{date}",
        )
        context["days"] = _of_the_month(days, page, today)
    template = "events/desk/workspace_calendar.html" if access else "events/desk/calendar.html"
    return render(request, template, context)


def _span(request: HttpRequest, page: Page, workspace: Workspace | None) -> Span:
    user = get_person(request)
    asking = Asking(
        user=user,
        viewer=get_viewer(request),
        first=page.first,
        last=page.last,
        workspace=workspace,
        mine=_mine(user, events_for(user, workspace)) if page.view == "mine" else None,
    )
    return gather(asking)


def _mine(user: User, rows: QuerySet[Event]) -> QuerySet[Event]:
    """What the person is invited to, what they planned, and what their organisations host."""
    own = active_memberships(user).values("organisation")
    invited = EventInvitation.objects.filter(person=user, withdrawn_at=None).values("event")
    hosted = CoHost.objects.filter(state=Consent.CONSENTED, organisation__in=own).values("event")
    return rows.filter(Q(pk__in=invited) | Q(pk__in=hosted) | Q(created_by=user) | Q(organisation__in=own))


def _tabs(page: Page) -> list[dict[str, object]]:
    labels = {"month": _("Month"), "week": _("Week"), "agenda": _("Agenda"), "mine": _("Mine")}
    return [
        {"label": label, "url": page.at(page.on, view), "current": view == page.view, "count": None}
        for view, label in labels.items()
    ]


def _around(page: Page, today: datetime.date) -> dict[str, dict[str, str]]:
    """The pages before, now and after, with what their links say to the eye and to the ear."""
    if page.view == "month":
        before, after = (page.on.replace(day=1) - DAY).replace(day=1), _next_month(page.on)
        names = [formats.date_format(day, "F") for day in (before, after)]
        full = [formats.date_format(day, "YEAR_MONTH_FORMAT") for day in (before, after)]
    else:
        step = page.last - page.first + DAY
        before, after = page.first - step, page.first + step
        names = [_("Earlier"), _("Later")]
        full = [formats.date_format(day, "DATE_FORMAT") for day in (before, after)]
        full = [_("%(step)s, from %(day)s") % {"step": n, "day": d} for n, d in zip(names, full, strict=True)]
    return {
        "before": {"url": page.at(before), "label": names[0], "full": full[0]},
        "today": {"url": page.at(today), "label": _("Today"), "full": _("Today")},
        "after": {"url": page.at(after), "label": names[1], "full": full[1]},
    }


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)


def _heading(page: Page) -> str:
    if page.view == "month":
        return formats.date_format(page.on, "YEAR_MONTH_FORMAT")
    return range_in_words(page.first, page.last)


def _of_the_month(days: list[AgendaDay], page: Page, today: datetime.date) -> list[AgendaDay]:
    """The agenda beside the month: days of the month itself; what runs is told on its first day only."""
    seen: set[str] = set()
    shown = []
    for day in days:
        if day.date.month != page.on.month:
            continue
        fresh = tuple(one for one in day.stretches if one.key not in seen)
        seen |= {one.key for one in fresh}
        day = replace(day, stretches=fresh)  # noqa: PLW2901  the same day, saying less
        if not day.is_empty:
            shown.append(day)
    return shown


def _hours_from_utc() -> int:
    offset = timezone.localtime().utcoffset() or datetime.timedelta()
    return int(offset.total_seconds() // 3600)
