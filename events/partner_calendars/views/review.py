"""One partner's calendar: what waits for review, what shows, what was set aside and why."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.regions import REGIONS
from coalition.workspaces import access as door
from coalition.workspaces import undo
from events.conflicts.formatting import span_in_words
from events.core.enums import IntakeState, Source
from events.partner_calendars.actions.review import leave_out_events, show_events, take_decision_back
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.permissions import may_bring_in, may_give_words, may_keep_words_back, may_tend
from events.partner_calendars.queries import calendars_for, events_of, with_counts, with_times
from events.partner_calendars.reader.reasons import is_problem, words_of
from events.partner_calendars.views.calendars import is_being_read, to_calendar

ON_A_PAGE = 50
TABS = {
    "waiting": IntakeState.WAITING,
    "shown": IntakeState.SHOWN,
    "left-out": IntakeState.DISMISSED,
    "set-aside": IntakeState.SET_ASIDE,
}


@dataclass(frozen=True)
class Row:
    """One event of the list, in words."""

    event: PartnerEvent
    when: str
    more: int
    reason: str


@door.members_only
@require_safe
def calendar(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """A calendar's events by what became of them (`?state=`), with the progress of a reading."""
    access, found = to_calendar(request, workspace, calendar)
    found = with_counts(calendars_for(request.user, access.workspace)).get(pk=found.pk)
    tab = request.GET.get("state", "waiting")
    tab = tab if tab in TABS else "waiting"
    events = with_times(events_of(found, TABS[tab]))
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "calendar": found,
        "organisation": display_name_for(door.viewer(request), found.organisation),
        "region": REGIONS.get(found.region, ""),
        "tabs": _tabs(found, tab),
        "query": f"state={tab}&",
        "chosen": tab,
        "rows": [_row(found, event) for event in page.object_list],
        "page": page,
        **_state(found),
        "may_review": may_bring_in(access),
        "may_tend": may_tend(access, found),
        "may_keep_words_back": may_keep_words_back(access, found),
        "may_give_words": may_give_words(access, found),
        "has_address": found.source == Source.ADDRESS,
    }
    return render(request, "events/partner_calendars/calendar.html", context)


@door.members_only
@require_safe
def progress(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """How far the reading is, for the page to ask again; when it is done, the page loads anew."""
    access, found = to_calendar(request, workspace, calendar)
    context = {"workspace": access.workspace, "calendar": found, **_state(found)}
    answer = render(request, "events/partner_calendars/_progress.html", context)
    if not context["reading"]:
        answer["HX-Refresh"] = "true"
    return answer


def _state(calendar: PartnerCalendar) -> dict[str, object]:
    return {
        "reading": is_being_read(calendar),
        "problem": words_of(calendar.problem),
        "failed": is_problem(calendar.problem),
    }


@door.members_only
@require_POST
def review(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Show or leave out the events ticked, or all that wait (`decision`: show, leave_out, show_all)."""
    access, found = to_calendar(request, workspace, calendar)
    decision = request.POST.get("decision")
    ticked = [UUID(value) for value in request.POST.getlist("event") if _is_uuid(value)]
    if decision == "show_all":
        count = show_events(access=access, calendar=found)
    elif decision == "leave_out":
        count = leave_out_events(access=access, calendar=found, events=ticked)
    else:
        count = show_events(access=access, calendar=found, events=ticked)
    if count:
        undo.offer(request, text=_told(decision, count), url=_take_back_url(found))
    return redirect("events:partner_calendar", access.workspace.uuid, found.uuid)


def _told(decision: str | None, count: int) -> str:
    if decision == "leave_out":
        words = ngettext("%(count)s event is left out.", "%(count)s events are left out.", count)
    else:
        words = ngettext("%(count)s event is shown.", "%(count)s events are shown.", count)
    return words % {"count": count}


def _take_back_url(calendar: PartnerCalendar) -> str:
    return reverse("events:partner_calendar_take_back", args=[calendar.workspace.uuid, calendar.uuid])


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@door.members_only
@require_POST
def take_back(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Undo the person's last decision about this calendar."""
    access, found = to_calendar(request, workspace, calendar)
    take_decision_back(access=access, calendar=found)
    return redirect("events:partner_calendar", access.workspace.uuid, found.uuid)


def _row(calendar: PartnerCalendar, event: PartnerEvent) -> Row:
    when, count = "", event.times_count  # type: ignore[attr-defined]  # of `with_times`
    if count:
        zone = ZoneInfo(calendar.zone)
        when = span_in_words(
            event.begins.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
            event.ends.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
        )
    return Row(event, when, max(0, count - 1), words_of(event.reason))


def _tabs(calendar: PartnerCalendar, chosen: str) -> list[dict[str, object]]:
    counted = {"waiting": "waiting", "shown": "shown", "set-aside": "set_aside"}
    labels = {
        "waiting": _("Wait for review"),
        "shown": _("Shown"),
        "left-out": _("Left out"),
        "set-aside": _("Set aside"),
    }
    return [
        {
            "label": label,
            "url": f"?state={name}",
            "current": name == chosen,
            "count": getattr(calendar, counted[name]) if name in counted else None,
        }
        for name, label in labels.items()
    ]
