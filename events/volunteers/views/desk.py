"""The plan of shifts at the desk: a week of days, one shift, shifts from opening hours, the plan on paper."""

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
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import is_admitted, may_change, title_of, to_own_event
from events.volunteers.actions import shifts, sign_up
from events.volunteers.actions.shifts import make_from_hours, works_from_hours
from events.volunteers.actions.sign_up import make_link, open_to_guests, take_back, token_of
from events.volunteers.forms import (
    AroundForm,
    FromHoursForm,
    LinkForm,
    ShiftForm,
    initial_around,
    initial_pattern,
    initial_shift,
)
from events.volunteers.models import Shift, ShiftLink, ShiftTurn
from events.volunteers.pdf import shift_plan_pdf
from events.volunteers.presenters import days_between, preview_of, week_of_shifts
from events.volunteers.queries import days_of_shifts, links_of, numbers_of, shift_plan_of


def to_shifts(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """The event, for people who prepare it: they read who has which shift."""
    access, event = to_own_event(request, uuid)
    words = _("People who prepare the event read who has which shift.")
    require_that(access.may(Right.SEE_DRAFTS) and is_admitted(access, event), words)
    return access, event


def to_planning(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """The event, for who may change it."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), shifts.ONLY_PLANNERS)
    return access, event


@member_required
@never_cache
@require_safe
def plan(request: HttpRequest, event: UUID) -> HttpResponse:
    """A week of the plan, `?on=2026-03-09`."""
    access, found = to_shifts(request, event)
    changes = may_change(access, found)
    context = planning_context(access, found) | {
        "week": week_of_shifts(found, _day(request.GET.get("on", "")), with_contacts=changes),
        "numbers": numbers_of(found, now() + datetime.timedelta(days=7)),
        "around": shift_plan_of(found),
        "has_run": found.run_from is not None,
        "here_url": request.get_full_path(),
    }
    return render(request, "events/shifts/plan.html", context)


@member_required
@never_cache
@require_safe
def pdf(request: HttpRequest, event: UUID) -> HttpResponse:
    """The plan on paper in the reader's language, from today on; of what is over, all of it. Phones only for
    who may change the event."""
    access, found = to_shifts(request, event)
    every = days_of_shifts(found)
    if not every:
        raise Http404
    today = now().astimezone(found.zone_info).date()
    coming = [day for day in every if day >= today] or every
    changes = may_change(access, found)
    around = shift_plan_of(found) if changes else None
    content = shift_plan_pdf(
        title=title_of(found),
        event=found,
        days=days_between(found, coming[0], coming[-1], with_contacts=changes),
        caller=" ".join(filter(None, [around.caller_name, around.caller_phone])) if around else "",
        language=get_language() or "",
    )
    return pdf_response(content, "shift-plan.pdf")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add one shift."""
    access, found = to_planning(request, event)
    initial = {"on": found.run_from or found.starts_on}
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = shifts.add_shift(access=access, event=found, work=form.work)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The shift is in the plan."))
            return redirect(_place_of(found, made))
    context = planning_context(access, found) | {"form": form, "shift": None}
    return form_page(request, "events/shifts/shift.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Change one shift: who holds it is told of another time, place or task."""
    access, found = to_planning(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift, removed_at=None)
    form = ShiftForm(request.POST if request.method == "POST" else None, initial=initial_shift(row))
    if form.is_bound and form.is_valid():
        try:
            row = shifts.change_shift(access=access, event=found, uuid=shift, work=form.work)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(_place_of(found, row))
    context = planning_context(access, found) | {"form": form, "shift": row}
    return form_page(request, "events/shifts/shift.html", context)


@member_required
@require_POST
def remove(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Take a shift out, with an undo."""
    access, found = to_planning(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift)
    with flash_result(request):
        shifts.take_out(access=access, event=found, uuid=shift)
        back = reverse("events:shift_back", args=[found.uuid, shift])
        undo.offer_undo(request, text=_("The shift is taken out; who had it is told."), url=back)
    return redirect(f"{reverse('events:shifts', args=[found.uuid])}?on={row.on}")


@member_required
@require_POST
def restore(request: HttpRequest, event: UUID, shift: UUID) -> HttpResponse:
    """Bring a shift back."""
    access, found = to_planning(request, event)
    row = get_object_or_404(Shift, event=found, uuid=shift)
    with flash_result(request, _("The shift is back.")):
        shifts.bring_back(access=access, event=found, uuid=shift)
    return redirect(_place_of(found, row))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_hours(request: HttpRequest, event: UUID) -> HttpResponse:
    """Shifts from the opening hours: first looked at, then made in one press."""
    access, found = to_planning(request, event)
    today = now().astimezone(found.zone_info).date()
    form = FromHoursForm(
        request.POST if request.method == "POST" else None, initial=initial_pattern(found, today)
    )
    preview = None
    if form.is_bound and form.is_valid():
        try:
            preview = preview_of(found, works_from_hours(found, form.pattern))
            if "make" in request.POST:
                made = make_from_hours(access=access, event=found, pattern=form.pattern)
                words = ngettext("%(count)d shift is made.", "%(count)d shifts are made.", len(made))
                messages.success(request, words % {"count": len(made)})
                return redirect(_place_of(found, made[0]))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = planning_context(access, found) | {"form": form, "preview": preview}
    return form_page(request, "events/shifts/from_hours.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def around(request: HttpRequest, event: UUID) -> HttpResponse:
    """Safety brief, person to call, age."""
    access, found = to_planning(request, event)
    kept = shift_plan_of(found)
    form = AroundForm(request.POST if request.method == "POST" else None, initial=initial_around(kept))
    if form.is_bound and form.is_valid():
        try:
            shifts.set_around(access=access, event=found, around=form.around)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:shifts", found.uuid)
    return form_page(request, "events/shifts/around.html", planning_context(access, found) | {"form": form})


@member_required
@require_POST
def came(request: HttpRequest, event: UUID, turn: UUID) -> HttpResponse:
    """Came, did not come, or not known after all."""
    access, found, row = _to_turn(request, event, turn)
    given = {"yes": True, "no": False}.get(request.POST.get("came", ""))
    with flash_result(request):
        sign_up.note_came(access=access, turn=row, came=given)
    return redirect(_place_of(found, row.shift))


@member_required
@require_POST
def take_off(request: HttpRequest, event: UUID, turn: UUID) -> HttpResponse:
    """Take somebody off a shift."""
    access, found, row = _to_turn(request, event, turn)
    with flash_result(request, _("Taken off the shift. A mail says so.")):
        sign_up.take_off(access=access, turn=row)
    return redirect(_place_of(found, row.shift))


def _to_turn(request: HttpRequest, event: UUID, turn: UUID) -> tuple[Access, Event, ShiftTurn]:
    access, found = to_planning(request, event)
    rows = ShiftTurn.objects.select_related("shift", "volunteer__event")
    row = get_object_or_404(rows, uuid=turn, shift__event=found, volunteer__proved_at__isnull=False)
    return access, found, row


def _place_of(event: Event, shift: Shift) -> str:
    """Where the shift stands in the plan."""
    return f"{reverse('events:shifts', args=[event.uuid])}?on={shift.on}#shift-{shift.uuid}"


def _day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError:
        return None


# --- links ---
# Links by which people without an account sign up: made, seen with their uses, taken back.


@dataclass(frozen=True)
class LinkRow:
    """One link. `address`: the whole one, to be passed on; "" once it does not open any more."""

    link: ShiftLink
    address: str
    until: str
    ended: bool
    last: str


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, event: UUID) -> HttpResponse:
    """Every link with its uses, and a form for another one."""
    access, found = to_planning(request, event)
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"until": _until(found)})
    if form.is_bound and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            make_link(access=access, event=found, until=form.ends(found), name=name)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and pass it on."))
            return redirect("events:shift_links", found.uuid)
    context = planning_context(access, found) | {
        "form": form,
        "rows": [_row(found, link) for link in links_of(found)],
        "for_guests": open_to_guests(found),
        "around": shift_plan_of(found),
    }
    return form_page(request, "events/shifts/links.html", context)


@member_required
@require_POST
def end(request: HttpRequest, event: UUID, link: UUID) -> HttpResponse:
    """Take a link back."""
    access, found = to_planning(request, event)
    row = get_object_or_404(ShiftLink, event=found, uuid=link)
    with flash_result(request, _("The link opens no more. Who signed up by it stays.")):
        take_back(access=access, link=row)
    return redirect("events:shift_links", found.uuid)


def _row(event: Event, link: ShiftLink) -> LinkRow:
    ended = link.taken_back_at is not None or link.until <= now()
    path = reverse("shift_sign_up", args=[token_of(link)])
    last: datetime.datetime | None = getattr(link, "last_use", None)
    return LinkRow(
        link=link,
        address="" if ended else absolute_url(path),
        until=moment_words(event, link.until),
        ended=ended,
        last=moment_words(event, last) if last is not None else "",
    )


def _until(event: Event) -> datetime.date:
    """The event's last day, or a month from now for what has no end."""
    today = now().astimezone(event.zone_info).date()
    last = event.lasts_until
    ends = last.astimezone(event.zone_info).date() if last else today + datetime.timedelta(days=30)
    return max(today, ends)
