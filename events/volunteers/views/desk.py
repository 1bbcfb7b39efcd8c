"""Shift plan views in the member area: week, one shift, shifts from opening hours, PDF."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.mail.links import absolute_url
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import (
    event_title,
    get_own_event_or_404,
    is_admitted,
    is_open_to_guests,
    may_change,
)
from events.volunteers.actions import shifts, sign_up
from events.volunteers.actions.shifts import create_shifts_from_hours, shifts_from_hours
from events.volunteers.actions.sign_up import end_shift_link, make_shift_link, shift_link_token
from events.volunteers.forms import (
    FromHoursForm,
    ShiftForm,
    ShiftLinkForm,
    ShiftPlanForm,
    initial_pattern,
    initial_shift,
    initial_shift_plan,
)
from events.volunteers.models import Shift, ShiftLink, ShiftTurn
from events.volunteers.pdf import shift_plan_pdf
from events.volunteers.presenters import build_shift_preview, days_between, week_of_shifts
from events.volunteers.queries import days_of_shifts, shift_links, shift_numbers, shift_plan_of


def get_shifts_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return the event, for members who prepare it: they may read the assignments."""
    access, event = get_own_event_or_404(request, uuid)
    words = _("People who prepare the event read who has which shift.")
    require_that(access.may(Right.SEE_DRAFTS) and is_admitted(access, event), words)
    return access, event


def get_shift_planning_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return the event, for people who may change it."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_change(access, event), shifts.ONLY_PLANNERS)
    return access, event


@member_required
@never_cache
@require_safe
def shift_plan_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Display a week of the plan, `?on=2026-03-09`."""
    access, found = get_shifts_event_or_404(request, event)
    changes = may_change(access, found)
    context = planning_context(access, found) | {
        "week": week_of_shifts(found, _parse_day(request.GET.get("on", "")), with_contacts=changes),
        "numbers": shift_numbers(found, now() + datetime.timedelta(days=7)),
        "around": shift_plan_of(found),
        "has_run": found.run_from is not None,
        "here_url": request.get_full_path(),
    }
    return render(request, "events/shifts/plan.html", context)


@member_required
@never_cache
@require_safe
def download_shift_plan(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the plan as PDF in the reader's language, from today on; for a past event all of it.
    Phone numbers only for people who may change the event."""
    access, found = get_shifts_event_or_404(request, event)
    every = days_of_shifts(found)
    if not every:
        raise Http404
    today = now().astimezone(found.zone_info).date()
    coming = [day for day in every if day >= today] or every
    changes = may_change(access, found)
    around = shift_plan_of(found) if changes else None
    content = shift_plan_pdf(
        title=event_title(found),
        event=found,
        days=days_between(found, coming[0], coming[-1], with_contacts=changes),
        caller=" ".join(filter(None, [around.caller_name, around.caller_phone])) if around else "",
        language=get_language() or "",
    )
    return pdf_response(content, "shift-plan.pdf")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_shift(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add a shift."""
    access, found = get_shift_planning_or_404(request, event)
    initial = {"on": found.run_from or found.starts_on}
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = shifts.add_shift(access=access, event=found, work=form.work)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The shift is in the plan."))
            return redirect(_shift_anchor(found, made))
    context = planning_context(access, found) | {"form": form, "shift": None}
    return form_page(request, "events/shifts/shift.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_shift(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Change a shift; its volunteers are notified of another time, place or task."""
    access, found = get_shift_planning_or_404(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift, removed_at=None)
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=initial_shift(row))
    if form.is_bound and form.is_valid():
        try:
            row = shifts.change_shift(access=access, event=found, uuid=shift, work=form.work)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(_shift_anchor(found, row))
    context = planning_context(access, found) | {"form": form, "shift": row}
    return form_page(request, "events/shifts/shift.html", context)


@member_required
@require_POST
def remove_shift(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Archive a shift, with an undo."""
    access, found = get_shift_planning_or_404(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift)
    with flash_result(request):
        shifts.remove_shift(access=access, event=found, uuid=shift)
        back = reverse("events:shift_back", args=[found.uuid, shift])
        visits.offer_undo(request, text=_("The shift is taken out; who had it is told."), url=back)
    return redirect(f"{reverse('events:shifts', args=[found.uuid])}?on={row.on}")


@member_required
@require_POST
def restore_shift(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Restore a shift."""
    access, found = get_shift_planning_or_404(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift)
    with flash_result(request, _("The shift is back.")):
        shifts.restore_shift(access=access, event=found, uuid=shift)
    return redirect(_shift_anchor(found, row))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_hours(request: HttpRequest, event: UUID) -> HttpResponse:
    """Generate shifts from the opening hours: first a preview, then creation."""
    access, found = get_shift_planning_or_404(request, event)
    today = now().astimezone(found.zone_info).date()
    form = FromHoursForm(
        request.POST if request.method == "POST" else None, initial=initial_pattern(found, today)
    )
    preview = None
    if form.is_bound and form.is_valid():
        try:
            preview = build_shift_preview(found, shifts_from_hours(found, form.pattern))
            if "make" in request.POST:
                made = create_shifts_from_hours(access=access, event=found, pattern=form.pattern)
                words = ngettext("%(count)d shift is made.", "%(count)d shifts are made.", len(made))
                messages.success(request, words % {"count": len(made)})
                return redirect(_shift_anchor(found, made[0]))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = planning_context(access, found) | {"form": form, "preview": preview}
    return form_page(request, "events/shifts/from_hours.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_shift_plan(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set safety brief, contact, and whether age is asked."""
    access, found = get_shift_planning_or_404(request, event)
    kept = shift_plan_of(found)
    form = ShiftPlanForm(request.POST if request.method == "POST" else None, initial=initial_shift_plan(kept))
    if form.is_bound and form.is_valid():
        try:
            shifts.set_shift_plan(access=access, event=found, around=form.around)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:shifts", found.uuid)
    return form_page(request, "events/shifts/around.html", planning_context(access, found) | {"form": form})


@member_required
@require_POST
def mark_attendance(request: HttpRequest, event: UUID, turn: UUID) -> HttpResponse:
    """Record attendance, absence, or unknown."""
    access, found, row = _get_turn_or_404(request, event, turn)
    given = {"yes": True, "no": False}.get(request.POST.get("came", ""))
    with flash_result(request):
        sign_up.set_attendance(access=access, turn=row, came=given)
    return redirect(_shift_anchor(found, row.shift))


@member_required
@require_POST
def remove_from_shift(request: HttpRequest, event: UUID, turn: UUID) -> HttpResponse:
    """Remove a volunteer from a shift."""
    access, found, row = _get_turn_or_404(request, event, turn)
    with flash_result(request, _("Taken off the shift. A mail says so.")):
        sign_up.remove_from_shift(access=access, turn=row)
    return redirect(_shift_anchor(found, row.shift))


def _get_turn_or_404(request: HttpRequest, event: UUID, turn: UUID) -> tuple[Access, Event, ShiftTurn]:
    access, found = get_shift_planning_or_404(request, event)
    rows = ShiftTurn.objects.select_related("shift", "volunteer__event")
    row = get_object_or_404(rows, uuid=turn, shift__event=found, volunteer__proved_at__isnull=False)
    return access, found, row


def _shift_anchor(event: Event, shift: Shift) -> str:
    """Return the URL of the shift in the plan."""
    return f"{reverse('events:shifts', args=[event.uuid])}?on={shift.on}#shift-{shift.uuid}"


def _parse_day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError:
        return None


# --- links ---
# Sign-up links for people without an account: created, listed with their uses, revoked.


@dataclass(frozen=True)
class ShiftLinkRow:
    """Link row. `address`: the full URL, to share; "" if it is not valid any more."""

    link: ShiftLink
    address: str
    until: str
    ended: bool
    last: str


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shift_links_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """List all links with their uses, and a form for another one."""
    access, found = get_shift_planning_or_404(request, event)
    form = ShiftLinkForm(request.POST if request.method == "POST" else None, initial={"until": _until(found)})
    if form.is_bound and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            make_shift_link(access=access, event=found, until=form.ends(found), name=name)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and pass it on."))
            return redirect("events:shift_links", found.uuid)
    context = planning_context(access, found) | {
        "form": form,
        "rows": [_shift_link_row(found, link) for link in shift_links(found)],
        "for_guests": is_open_to_guests(found),
        "around": shift_plan_of(found),
    }
    return form_page(request, "events/shifts/links.html", context)


@member_required
@require_POST
def end_sign_up_link(request: HttpRequest, event: UUID, link: UUID) -> HttpResponse:
    """Revoke a link."""
    access, found = get_shift_planning_or_404(request, event)
    row = get_object_or_404(ShiftLink, event=found, uuid=link)
    with flash_result(request, _("The link opens no more. Who signed up by it stays.")):
        end_shift_link(access=access, link=row)
    return redirect("events:shift_links", found.uuid)


def _shift_link_row(event: Event, link: ShiftLink) -> ShiftLinkRow:
    ended = link.taken_back_at is not None or link.until <= now()
    path = reverse("shift_sign_up", args=[shift_link_token(link)])
    last: datetime.datetime | None = getattr(link, "last_use", None)
    return ShiftLinkRow(
        link=link,
        address="" if ended else absolute_url(path),
        until=moment_words(event, link.until),
        ended=ended,
        last=moment_words(event, last) if last is not None else "",
    )


def _until(event: Event) -> datetime.date:
    """Return the event's last day, or a month from now for an event without an end."""
    today = now().astimezone(event.zone_info).date()
    last = event.lasts_until
    ends = last.astimezone(event.zone_info).date() if last else today + datetime.timedelta(days=30)
    return max(today, ends)
