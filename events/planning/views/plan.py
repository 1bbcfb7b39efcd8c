"""Planning an event, and changing one."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import require_that
from events.conflicts import views as conflicts_views
from events.conflicts.search import ConflictReport
from events.core.actions import times as actions_times
from events.core.actions.plan import change_event, plan_event, set_audience_times
from events.core.actions.proposal import EventTimesInput, OpeningHoursInput, SpecialDaysInput
from events.core.actions.times import set_hours
from events.core.enums import EventKind, GettingIn
from events.core.forms.planning import AddDateForm, AudienceForm, EventForm, OccurrenceForm, initial_event
from events.core.forms.times import (
    SpecialDaysForm,
    SpecialDaysFormSet,
    WeekForm,
    initial_special_days,
    initial_week,
)
from events.core.models import Event
from events.core.permissions import event_title, get_own_event_or_404, may_change, may_plan, may_restrict
from events.core.queries import reusable_events
from events.planning.views.event import event_page_response


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_event_page(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Plan an event. Conflicts are displayed once before it is saved."""
    access = get_access(request, workspace)
    require_that(may_plan(access), _("Editors and coordinators plan events here."))
    form = EventForm(
        conflicts_views.submitted_times(request),
        access=access,
        viewer=get_viewer(request),
        may_restrict=True,
        initial=_initial_times(request),
    )
    found = _unseen_conflicts(request, access, form, None)
    if found is None and request.method == "POST" and form.is_valid():
        try:
            event = _plan_from_form(access, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Planned. Nobody outside this workspace is told of it yet."))
            return redirect("events:hours" if event.run_from else "events:event", event.uuid)
    earlier = [(event_title(one), one) for one in reusable_events(access.user, access.workspace)]
    return _event_form_response(request, access, form, "events/desk/plan.html", found=found, earlier=earlier)


def _plan_from_form(access: Access, form: EventForm) -> Event:
    cleaned = form.cleaned_data
    return plan_event(
        access=access,
        kind=EventKind(cleaned["kind"]),
        texts=form.words,
        times=_require_times(form.times),
        place=form.place,
        handling=Handling(cleaned["handling"]),
        restricted_to=cleaned["restricted_to"],
        draft=cleaned["draft"],
        picture=cleaned["picture"],
    )


def _require_times(times: EventTimesInput | None) -> EventTimesInput:
    assert times is not None  # noqa: S101  the form of a new event asks for its times
    return times


def _initial_times(request: HttpRequest) -> dict[str, object]:
    """Return the initial values of an empty form; `?on=` is the day selected in the calendar."""
    return {
        "kind": EventKind.PRESS_CONFERENCE,
        "handling": Handling.WORKSPACE,
        "step_free": GettingIn.UNKNOWN,
        "region": "KZ-75",
        "zone": timezone.get_default_timezone_name(),
        "interval": 1,
        "starts_on": request.GET.get("on") or None,
    }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_event(request: HttpRequest, event: UUID) -> HttpResponse:
    """Change an event. The times of an announced one are excluded: it is moved."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators change this event."))
    form = EventForm(
        conflicts_views.submitted_times(request),
        access=access,
        viewer=get_viewer(request),
        may_restrict=may_restrict(access, found),
        event=found,
        initial=initial_event(found, request.GET.get("at", "")),
    )
    in_the_way = _unseen_conflicts(request, access, form, found)
    if in_the_way is None and request.method == "POST" and form.is_valid():
        try:
            _change_from_form(access, found, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    more = {"event": found, "title": event_title(found), "found": in_the_way}
    return _event_form_response(request, access, form, "events/desk/change.html", **more)


def _unseen_conflicts(
    request: HttpRequest, access: Access, form: EventForm, event: Event | None
) -> ConflictReport | None:
    """Return conflicts with the times sent that have to be displayed before saving."""
    if request.method != "POST" or not form.is_valid():
        return None
    return conflicts_views.conflicts_to_show(request, access, form.times, form.cleaned_data, event)


def _change_from_form(access: Access, event: Event, form: EventForm) -> None:
    cleaned = form.cleaned_data
    change_event(
        access=access,
        event=event,
        kind=EventKind(cleaned["kind"]),
        texts=form.words,
        place=form.place,
        handling=Handling(cleaned["handling"]),
        draft=cleaned.get("draft", event.draft),
        picture=cleaned.get("picture", event.picture),
        times=form.times,
        restricted_to=cleaned.get("restricted_to"),
    )


def _event_form_response(
    request: HttpRequest, access: Access, form: EventForm, template: str, **more: object
) -> HttpResponse:
    """Render the form; 409 if only the confirmation of conflicts is missing."""
    context = {"access": access, "workspace": access.workspace, "form": form, **more}
    if more.get("found") and not form.errors:
        return render(request, template, context, status=409)
    return form_page(request, template, context)


# --- dates ---
# Single dates of a recurring event, and start times of audiences who come earlier.


@member_required
@require_POST
def exclude_event_date(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Leave one date out, with an undo."""
    access, found = get_own_event_or_404(request, event)
    day = _parse_day(on)
    added = any(one.on == day and not one.left_out for one in found.exceptions.all())
    try:
        actions_times.exclude_date(access=access, event=found, on=day)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        back = reverse("events:date_back", args=[found.uuid, day.isoformat()])
        if added:  # no rule would restore it
            back = f"{reverse('events:date_add', args=[found.uuid])}?on={day.isoformat()}"
        visits.offer_undo(request, text=_("This date is left out."), url=back)
    return redirect(found)


@member_required
@require_POST
def add_event_date(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a date to those of the rule; leaving it out removes it again."""
    access, found = get_own_event_or_404(request, event)
    form = AddDateForm(request.POST if "on" in request.POST else request.GET)
    if form.is_valid():
        try:
            actions_times.add_date(access=access, event=found, on=form.cleaned_data["on"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("This date is added."))
            return redirect(found)
    return event_page_response(request, access, found, status=422, add_date_form=form)


@member_required
@require_POST
def restore_event_date(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Restore a date that was left out or moved to what the rule gives."""
    access, found = get_own_event_or_404(request, event)
    with flash_result(request, _("The date is as it was.")):
        actions_times.restore_date(access=access, event=found, on=_parse_day(on))
    return redirect(found)


@member_required
@require_POST
def move_event_date(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Move one date."""
    access, found = get_own_event_or_404(request, event)
    day = _parse_day(on)
    form = OccurrenceForm(request.POST)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions_times.move_occurrence(
                access=access, event=found, on=day, to_date=cleaned["to_date"], to_time=cleaned["to_time"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("This date is moved."))
            return redirect(found)
    return event_page_response(request, access, found, status=422, occurrence_form=form, moving=day)


@member_required
@require_POST
def audiences(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set when speakers, volunteers and camera crews come."""
    access, found = get_own_event_or_404(request, event)
    form = AudienceForm(request.POST)
    if form.is_valid():
        try:
            set_audience_times(access=access, event=found, times=form.times)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return event_page_response(request, access, found, status=422, audience_form=form)


def _parse_day(words: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError as error:
        raise Http404 from error


# --- opening hours ---
# Opening hours of an exhibition: weekly hours, and special days.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the hours. The button “Another row” adds one and keeps the input."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators set the hours."))
    posted = request.method == "POST"
    week = WeekForm(request.POST if posted else None, initial=initial_week(found))
    specials = SpecialDaysFormSet(
        _with_added_row(request) if posted else None, prefix="special", initial=initial_special_days(found)
    )
    refused, saved = "", False
    if posted and "add" not in request.POST and week.is_valid() and specials.is_valid():
        try:
            _save_hours(access, found, week, specials)
            saved = True
        except Refused as refusal:
            refused = refusal.message
    if saved:
        messages.success(request, _("The hours are set."))
        return redirect(found)
    wrong = posted and "add" not in request.POST
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": event_title(found),
        "week": week,
        "specials": specials,
        "refused": refused,
        "wrong": wrong and not refused,
    }
    return render(request, "events/desk/hours.html", context, status=422 if wrong else 200)


def _with_added_row(request: HttpRequest) -> QueryDict:
    """Return the submitted data, with one more row if requested."""
    data = request.POST.copy()
    if "add" in data:
        count = data.get("special-TOTAL_FORMS", "")
        data["special-TOTAL_FORMS"] = str(int(count) + 1) if count.isdecimal() and len(count) < 5 else "1"
    return data


def _save_hours(access: Access, event: Event, week: WeekForm, specials: BaseFormSet[SpecialDaysForm]) -> None:
    days = [
        SpecialDaysInput(
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
            opens=form.cleaned_data["opens"],
            closes=form.cleaned_data["closes"],
            why=tuple(form.why.items()),
        )
        for form in specials
        if form.counts
    ]
    set_hours(
        access=access, event=event, hours=[OpeningHoursInput(*row) for row in week.hours], special_days=days
    )
