"""The members' calendar: month, week, agenda, and what is mine."""

import datetime
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.queries import active_memberships
from coalition.accounts.views.access import get_person, get_viewer
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import open_workspaces_for, workspaces_for
from events.calendar.presenters import CalendarQuery, agenda_of, load_calendar_span
from events.core.enums import Consent
from events.core.formatting import range_in_words
from events.core.models import CoHost, EventInvitation
from events.core.month_grid import build_month_grid, span_of
from events.core.occurrences import DAY
from events.core.permissions import may_plan
from events.core.queries import events_for

VIEWS = ("month", "week", "agenda", "mine")
AGENDA_LENGTH = datetime.timedelta(days=35)
OWN_LIST_LENGTH = datetime.timedelta(days=91)
MOST_CLASHES = 3


@dataclass(frozen=True)
class CalendarPage:
    """The calendar page requested."""

    view: str
    on: datetime.date
    first: datetime.date
    last: datetime.date
    base: str
    parameters: dict[str, str] = field(default_factory=dict)

    def at(self, on: datetime.date, view: str = "") -> str:
        """Return the URL of the same calendar at another day or in another view."""
        shown = view or self.view
        day = on.strftime("%Y-%m") if shown == "month" else on.isoformat()
        return f"{self.base}?{urlencode({'view': shown, 'on': day, **self.parameters})}"


@member_required
@require_safe
def member_calendar(request: HttpRequest) -> HttpResponse:
    """Render everything the person may see; `?workspace=` narrows it to one of their workspaces."""
    workspaces = list(open_workspaces_for(request.user))
    requested = request.GET.get("workspace", "")
    chosen = next((row for row in workspaces if str(row.uuid) == requested), None)
    if requested and chosen is None:
        raise Http404
    parameters = {"workspace": requested} if chosen else {}
    page = _parse_page(request, reverse("events:calendar"), parameters)
    planning = set(workspaces_for(request.user, Right.PLAN).values_list("pk", flat=True))
    context: dict[str, object] = {
        "nav_current": "calendar",
        "workspaces": workspaces,
        "chosen": chosen,
        "plan_in": [row for row in workspaces if row.pk in planning and chosen in (None, row)],
        "live": workspaces if chosen is None else [chosen],
    }
    return _calendar_response(request, page, context, chosen)


@member_required
@require_safe
def workspace_calendar(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Render the same for one workspace, under its tabs."""
    access = get_access(request, workspace)
    page = _parse_page(request, reverse("events:workspace_calendar", args=[access.workspace.uuid]), {})
    context: dict[str, object] = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "plan_in": [access.workspace] if may_plan(access) else [],
        "live": [access.workspace],
    }
    return _calendar_response(request, page, context, access.workspace, access)


def _parse_page(request: HttpRequest, base: str, parameters: dict[str, str]) -> CalendarPage:
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
        first, last = on, on + (OWN_LIST_LENGTH if view == "mine" else AGENDA_LENGTH) - DAY
    return CalendarPage(view, on, first, last, base, parameters)


def _day(words: str) -> datetime.date | None:
    """Parse “2026-03-07” or “2026-03”; return None if it is neither, or too far from today."""
    try:
        day = datetime.date.fromisoformat(f"{words}-01" if words.count("-") == 1 else words)
    except ValueError:
        return None
    return day if 1992 <= day.year <= 2099 else None


def _calendar_response(
    request: HttpRequest,
    page: CalendarPage,
    context: dict[str, object],
    workspace: Workspace | None,
    access: Access | None = None,
) -> HttpResponse:
    user, today = get_person(request), timezone.localdate()
    rows = None
    if page.view == "mine":  # invited to or planned by the person, or hosted by their organisations
        own = active_memberships(user).values("organisation")
        invited = EventInvitation.objects.filter(person=user, withdrawn_at=None).values("event")
        hosted = CoHost.objects.filter(state=Consent.CONSENTED, organisation__in=own).values("event")
        mine = Q(pk__in=invited) | Q(pk__in=hosted) | Q(created_by=user) | Q(organisation__in=own)
        rows = events_for(user, workspace).filter(mine)
    span = load_calendar_span(
        CalendarQuery(user, get_viewer(request), page.first, page.last, workspace=workspace, mine=rows)
    )
    days = agenda_of(span, today=today, month=page.on.month if page.view == "month" else 0)
    offset = timezone.localtime().utcoffset() or datetime.timedelta()
    labels = {"month": _("Month"), "week": _("Week"), "agenda": _("Agenda"), "mine": _("Mine")}
    context |= {
        "page": page,
        "tabs": [
            {"label": label, "url": page.at(page.on, view), "current": view == page.view, "count": None}
            for view, label in labels.items()
        ],
        "clashing": span.clashing[:MOST_CLASHES],
        "around": _adjacent_pages(page, today),
        "heading": range_in_words(page.first, page.last),
        "offset": f"{int(offset.total_seconds() // 3600):+d}",
        "topics": " ".join(f"workspace:{row.uuid}" for row in context["live"]),  # type: ignore[attr-defined]  # ours
        "days": days if page.view == "week" else [day for day in days if not day["is_empty"]],
    }
    if page.view == "month":
        context["heading"] = formats.date_format(page.on, "YEAR_MONTH_FORMAT")
        context["month"] = build_month_grid(
            page.on,
            today=today,
            entries=span.happenings,
            stretches=span.stretches,
            names=span.names,
            day_url=page.at(page.on, "agenda").replace(page.on.isoformat(), "{date}") + "#day-{date}",
        )
    template = "events/calendar/workspace_calendar.html" if access else "events/calendar/calendar.html"
    return render(request, template, context)


def _adjacent_pages(page: CalendarPage, today: datetime.date) -> dict[str, dict[str, str]]:
    """Return the links to the previous, current and next page, with visible and spoken labels."""
    if page.view == "month":
        first = page.on.replace(day=1)
        before, after = (first - DAY).replace(day=1), (first + 31 * DAY).replace(day=1)
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
