"""Views of a workspace's partner calendars: list, import, settings."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import MemberView, get_access, member_required, post_action
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.enums import IntakeState, Source
from events.core.formatting import span_in_words
from events.core.permissions import may_plan
from events.partner_calendars import actions
from events.partner_calendars.forms import PartnerCalendarForm
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.queries import (
    acts_for_owner,
    calendars_for,
    may_manage_calendar,
    with_counts,
    with_times,
)
from events.partner_calendars.reader.parser import is_problem, reason_message


def get_partner_calendar_or_404(
    request: HttpRequest, workspace: UUID, uuid: UUID
) -> tuple[Access, PartnerCalendar]:
    """Return access and a calendar of a workspace whose drafts the person may see."""
    access = get_access(request, workspace)
    if not access.may(Right.SEE_DRAFTS):
        raise Http404
    calendar = get_object_or_404(calendars_for(request.user, access.workspace), uuid=uuid)
    calendar.workspace = access.workspace
    return access, calendar


class PartnerCalendarsView(MemberFormView):
    """List the imported calendars; on POST, import one."""

    form_class = PartnerCalendarForm
    template_name = "events/partner_calendars/list.html"
    success_message = gettext_lazy("The calendar is being read. Nothing of it shows before you looked.")
    access: Access

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        if not self.access.may(Right.SEE_DRAFTS):
            raise Http404
        if self.request.method == "POST":
            require_that(may_plan(self.access), _("Editors and coordinators bring in calendars here."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        rows = with_counts(calendars_for(self.request.user, self.access.workspace)).order_by("id")
        return super().get_context_data(**kwargs) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "tab": "calendar",
            "rows": [
                {
                    "calendar": calendar,
                    "organisation": display_name_for(viewer, calendar.organisation),
                    "problem": reason_message(calendar.problem) if is_problem(calendar.problem) else "",
                }
                for calendar in rows
            ],
            "may_bring_in": may_plan(self.access),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        sent = dict(form.cleaned_data)
        file, address = sent.pop("file"), sent.pop("address")
        try:
            if file:
                calendar = actions.add_calendar_from_file(access=self.access, content=file, **sent)
            else:
                calendar = actions.add_calendar_by_address(access=self.access, address=address, **sent)
        except Refused as refusal:
            form.add_error("file" if file else "address", refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, str(self.success_message))
        return redirect_to_calendar(calendar)


def redirect_to_calendar(calendar: PartnerCalendar) -> HttpResponse:
    return redirect("events:partner_calendar", calendar.workspace.uuid, calendar.uuid)


def calendar_action(action: Callable[..., object], success: str | Promise = "") -> MemberView:
    """Make a view of one action on a calendar, by POST; it then shows the calendar."""

    @member_required
    @require_POST
    def act(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
        access, found = get_partner_calendar_or_404(request, workspace, calendar)
        with flash_result(request, str(success)):
            action(access=access, calendar=found)
        return redirect_to_calendar(found)

    return act


hide_partner_event_texts = calendar_action(
    actions.hide_event_texts,
    gettext_lazy("Others learn only when the partner is busy. The words are deleted."),
)
share_partner_event_texts = calendar_action(
    actions.share_event_texts, gettext_lazy("The calendar is read again. Its words wait for review first.")
)
refresh_partner_calendar = calendar_action(
    actions.request_refresh, gettext_lazy("The calendar is being read.")
)
undo_review = calendar_action(actions.undo_decision)


@post_action("events:partner_calendars")
def remove_partner_calendar(request: HttpRequest, access: Access, calendar: UUID) -> None:
    """Remove a calendar, with an undo."""
    found = get_object_or_404(calendars_for(request.user, access.workspace), uuid=calendar)
    actions.set_calendar_removed(access=access, calendar=found, removed=True)
    back = reverse("events:partner_calendar_restore", args=[access.workspace.uuid, found.uuid])
    visits.offer_undo(request, text=_("The calendar is taken away."), url=back)


@post_action("events:partner_calendars")
def restore_partner_calendar(request: HttpRequest, access: Access, calendar: UUID) -> HttpResponse:
    """Restore a removed calendar."""
    rows = calendars_for(request.user, access.workspace, removed=True)
    found = get_object_or_404(rows, uuid=calendar)
    actions.set_calendar_removed(access=access, calendar=found, removed=False)
    messages.success(request, _("The calendar is there again."))
    return redirect_to_calendar(found)


ON_A_PAGE = 50
TABS = {
    "waiting": (IntakeState.WAITING, gettext_lazy("Wait for review")),
    "shown": (IntakeState.SHOWN, gettext_lazy("Shown")),
    "left-out": (IntakeState.DISMISSED, gettext_lazy("Left out")),
    "set-aside": (IntakeState.SET_ASIDE, gettext_lazy("Set aside")),
}


@member_required
@require_safe
def partner_calendar_page(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """List a calendar's events by state (`?state=`), with the progress of a reading."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    found = with_counts(calendars_for(request.user, access.workspace)).get(pk=found.pk)
    tab = request.GET.get("state", "")
    tab = tab if tab in TABS else "waiting"
    counts = {"waiting": found.waiting, "shown": found.shown, "set-aside": found.set_aside}  # type: ignore[attr-defined]  # of `with_counts`
    events = with_times(found.events.filter(state=TABS[tab][0]).order_by("id"))
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "calendar": found,
        "organisation": display_name_for(get_viewer(request), found.organisation),
        "region": REGIONS.get(found.region, ""),
        "tabs": [
            {"label": label, "url": f"?state={name}", "current": name == tab, "count": counts.get(name)}
            for name, (_state, label) in TABS.items()
        ],
        "query": f"state={tab}&",
        "chosen": tab,
        "rows": [_event_row(found, event) for event in page.object_list],
        "page": page,
        "problem": reason_message(found.problem),
        "failed": is_problem(found.problem),
        "may_review": may_plan(access),
        "may_tend": may_manage_calendar(access, found),
        "may_give_words": acts_for_owner(access, found),
        "has_address": found.source == Source.ADDRESS,
    }
    return render(request, "events/partner_calendars/calendar.html", context)


@member_required
@require_safe
def progress(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Return the progress of the reading, polled by the page; at the end the page reloads."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    context = {"workspace": access.workspace, "calendar": found}
    answer = render(request, "events/partner_calendars/_progress.html", context)
    if not found.is_being_read:
        answer["HX-Refresh"] = "true"
    return answer


@member_required
@require_POST
def review_partner_events(request: HttpRequest, workspace: UUID, calendar: UUID) -> HttpResponse:
    """Show or leave out the selected events, or all waiting ones (`decision`: show, leave_out, show_all)."""
    access, found = get_partner_calendar_or_404(request, workspace, calendar)
    decision = request.POST.get("decision")
    ticked = [uuid for value in request.POST.getlist("event") if (uuid := parse_uuid(value)) is not None]
    if decision == "leave_out":
        count = actions.dismiss_events(access=access, calendar=found, events=ticked)
        words = ngettext("%(count)s event is left out.", "%(count)s events are left out.", count)
    else:
        count = actions.show_events(
            access=access, calendar=found, events=None if decision == "show_all" else ticked
        )
        words = ngettext("%(count)s event is shown.", "%(count)s events are shown.", count)
    if count:
        back = reverse("events:partner_calendar_undo", args=[found.workspace.uuid, found.uuid])
        visits.offer_undo(request, text=words % {"count": count}, url=back)
    return redirect_to_calendar(found)


def _event_row(calendar: PartnerCalendar, event: PartnerEvent) -> dict[str, object]:
    """Return the event with its first time, the number of further ones, and why it is set aside."""
    when, count = "", event.times_count  # type: ignore[attr-defined]  # of `with_times`
    if count:
        zone = ZoneInfo(calendar.zone)
        when = span_in_words(
            event.begins.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
            event.ends.astimezone(zone),  # type: ignore[attr-defined]  # of `with_times`
        )
    return {"event": event, "when": when, "more": max(0, count - 1), "reason": reason_message(event.reason)}
