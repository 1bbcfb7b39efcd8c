"""Views of a workspace's partner calendars: list, import, settings."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.regions import REGIONS
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.enums import IntakeState, Source
from events.core.formatting import span_in_words
from events.partner_calendars.actions import (
    add_calendar_by_address,
    add_calendar_from_file,
    dismiss_events,
    hide_event_texts,
    remove_calendar,
    request_refresh,
    restore_calendar,
    share_event_texts,
    show_events,
    undo_decision,
)
from events.partner_calendars.forms import PartnerCalendarForm
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.permissions import (
    may_add_calendars,
    may_hide_event_texts,
    may_manage_calendar,
    may_share_event_texts,
)
from events.partner_calendars.queries import (
    calendars_for,
    events_of,
    removed_calendars_for,
    with_counts,
    with_times,
)
from events.partner_calendars.reader.reasons import is_problem, reason_message


def get_draft_access(request: HttpRequest, workspace: UUID) -> Access:
    """Return access to a workspace whose drafts the person may see; otherwise raise Http404."""
    access = get_access(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    return access


def get_partner_calendar_or_404(
    request: HttpRequest, workspace: UUID, uuid: UUID
) -> tuple[Access, PartnerCalendar]:
    access = get_draft_access(request, workspace)
    calendar = get_object_or_404(calendars_for(request.user, access.workspace), uuid=uuid)
    calendar.workspace = access.workspace
    return access, calendar


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the imported calendars; on POST, import one."""
    access = get_draft_access(request, workspace)
    form = PartnerCalendarForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        access=access,
        viewer=get_viewer(request),
    )
    if request.method == "POST":
        require_that(may_add_calendars(access), _("Editors and coordinators bring in calendars here."))
        calendar = _add_calendar_from_form(access, form) if form.is_valid() else None
        if calendar is not None:
            messages.success(request, _("The calendar is being read. Nothing of it shows before you looked."))
            return redirect("events:partner_calendar", access.workspace.uuid, calendar.uuid)
    rows = with_counts(calendars_for(request.user, access.workspace)).order_by("id")
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "rows": [_calendar_row(request, calendar) for calendar in rows],
        "form": form,
        "may_bring_in": may_add_calendars(access),
    }
    return form_page(request, "events/partner_calendars/list.html", context)


def _add_calendar_from_form(access: Access, form: PartnerCalendarForm) -> PartnerCalendar | None:
    sent = dict(form.cleaned_data)
    file, address = sent.pop("file"), sent.pop("address")
    try:
        if file:
            return add_calendar_from_file(access=access, content=file, **sent)
        return add_calendar_by_address(access=access, address=address, **sent)
    except Refused as refusal:
        form.add_error("file" if file else "address", refusal.message)
        return None


def _calendar_row(request: HttpRequest, calendar: PartnerCalendar) -> dict[str, object]:
    return {
        "calendar": calendar,
        "organisation": display_name_for(get_viewer(request), calendar.organisation),
        "problem": reason_message(calendar.problem) if is_problem(calendar.problem) else "",
        "reading": is_being_read(calendar),
    }


def is_being_read(calendar: PartnerCalendar) -> bool:
    """Whether it is being read, or soon will be for the first time."""
    return calendar.reading_since is not None or calendar.refreshed_at is None


@member_required
@require_POST
def hide_partner_event_texts(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Restrict it to busy times from now on; its texts are deleted."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    hide_event_texts(access=access, calendar=found)
    messages.success(request, _("Others learn only when the partner is busy. The words are deleted."))
    return _redirect_to_calendar(found)


@member_required
@require_POST
def share_partner_event_texts(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Include texts; they wait for review."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    with flash_result(request, _("The calendar is read again. Its words wait for review first.")):
        share_event_texts(access=access, calendar=found)
    return _redirect_to_calendar(found)


@member_required
@require_POST
def refresh_partner_calendar(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Read the calendar at its URL now."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    with flash_result(request, _("The calendar is being read.")):
        request_refresh(access=access, calendar=found)
    return _redirect_to_calendar(found)


@member_required
@require_POST
def remove_partner_calendar(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Remove a calendar, with an undo."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    remove_calendar(access=access, calendar=found)
    back = reverse("events:partner_calendar_bring_back", args=[access.workspace.uuid, found.uuid])
    visits.offer_undo(request, text=_("The calendar is taken away."), url=back)
    return redirect("events:partner_calendars", access.workspace.uuid)


@member_required
@require_POST
def restore_partner_calendar(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Restore a removed calendar."""
    access = get_draft_access(request, workspace)
    found = get_object_or_404(removed_calendars_for(request.user), workspace=access.workspace, uuid=calendar)
    restore_calendar(access=access, calendar=found)
    messages.success(request, _("The calendar is there again."))
    return _redirect_to_calendar(found)


def _redirect_to_calendar(calendar: PartnerCalendar) -> HttpResponse:
    return redirect("events:partner_calendar", calendar.workspace.uuid, calendar.uuid)


# --- review ---
# One partner's calendar: events waiting for review, shown, and set aside with the reason.


ON_A_PAGE = 50
TABS = {
    "waiting": IntakeState.WAITING,
    "shown": IntakeState.SHOWN,
    "left-out": IntakeState.DISMISSED,
    "set-aside": IntakeState.SET_ASIDE,
}


@dataclass(frozen=True)
class PartnerEventRow:
    """One formatted event of the list."""

    event: PartnerEvent
    when: str
    more: int
    reason: str


@member_required
@require_safe
def partner_calendar_page(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """List a calendar's events by state (`?state=`), with the progress of a reading."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
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
        "organisation": display_name_for(get_viewer(request), found.organisation),
        "region": REGIONS.get(found.region, ""),
        "tabs": _tabs(found, tab),
        "query": f"state={tab}&",
        "chosen": tab,
        "rows": [_event_row(found, event) for event in page.object_list],
        "page": page,
        **_state(found),
        "may_review": may_add_calendars(access),
        "may_tend": may_manage_calendar(access, found),
        "may_keep_words_back": may_hide_event_texts(access, found),
        "may_give_words": may_share_event_texts(access, found),
        "has_address": found.source == Source.ADDRESS,
    }
    return render(request, "events/partner_calendars/calendar.html", context)


@member_required
@require_safe
def progress(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Return the progress of the reading, polled by the page; at the end the page reloads."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    context = {"workspace": access.workspace, "calendar": found, **_state(found)}
    answer = render(request, "events/partner_calendars/_progress.html", context)
    if not context["reading"]:
        answer["HX-Refresh"] = "true"
    return answer


def _state(calendar: PartnerCalendar) -> dict[str, object]:
    return {
        "reading": is_being_read(calendar),
        "problem": reason_message(calendar.problem),
        "failed": is_problem(calendar.problem),
    }


@member_required
@require_POST
def review_partner_events(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Show or leave out the selected events, or all waiting ones (`decision`: show, leave_out,
    show_all)."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    decision = request.POST.get("decision")
    ticked = [UUID(value) for value in request.POST.getlist("event") if _is_uuid(value)]
    if decision == "show_all":
        count = show_events(access=access, calendar=found)
    elif decision == "leave_out":
        count = dismiss_events(access=access, calendar=found, events=ticked)
    else:
        count = show_events(access=access, calendar=found, events=ticked)
    if count:
        visits.offer_undo(request, text=_review_message(decision, count), url=_undo_url(found))
    return redirect("events:partner_calendar", access.workspace.uuid, found.uuid)


def _review_message(decision: str | None, count: int) -> str:
    if decision == "leave_out":
        words = ngettext("%(count)s event is left out.", "%(count)s events are left out.", count)
    else:
        words = ngettext("%(count)s event is shown.", "%(count)s events are shown.", count)
    return words % {"count": count}


def _undo_url(calendar: PartnerCalendar) -> str:
    return reverse("events:partner_calendar_take_back", args=[calendar.workspace.uuid, calendar.uuid])


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@member_required
@require_POST
def undo_review(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Undo the person's last decision about this calendar."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    undo_decision(access=access, calendar=found)
    return redirect("events:partner_calendar", access.workspace.uuid, found.uuid)


def _event_row(calendar: PartnerCalendar, event: PartnerEvent) -> PartnerEventRow:
    when, count = "", event.times_count  # type: ignore[attr-defined]  # of `with_times`
    if count:
        zone = ZoneInfo(calendar.zone)
        when = span_in_words(
            event.begins.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
            event.ends.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
        )
    return PartnerEventRow(event, when, max(0, count - 1), reason_message(event.reason))


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
