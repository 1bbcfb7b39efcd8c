"""Running order views: sortable list, and PDF."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import event_title, get_own_event_or_404, may_change
from events.production.running_order import actions
from events.production.running_order.forms import BeginningForm, RunningItemForm, initial_running_item
from events.production.running_order.models import RunningItem, RunningOrder
from events.production.running_order.pdf import running_order_pdf
from events.production.running_order.presenters import build_running_order_table
from events.production.running_order.queries import running_items_of, running_order_for
from events.production.running_order.timetable import is_running_day
from events.production.running_order.topics import running_order_topic
from events.questions.presenters import questions_area


def get_running_order_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, RunningOrder | None]:
    """Return the event and its running order, for members who prepare it."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event read its running order."))
    return access, event, running_order_for(request.user, event.uuid)


@member_required
@require_safe
def running_order(request: HttpRequest, event: UUID) -> HttpResponse:
    """Display the plan."""
    access, found, order = get_running_order_or_404(request, event)
    return running_order_response(request, access, found, order)


def running_order_response(
    request: HttpRequest,
    access: Access,
    event: Event,
    order: RunningOrder | None,
    form: BeginningForm | None = None,
) -> HttpResponse:
    """Render the page; `form`: the invalid form for the start."""
    begins = order.begins if order is not None else event.starts_at_time
    table = (
        build_running_order_table(order, running_items_of(order), _day_moment(order))
        if order is not None
        else None
    )
    context = {
        **event_context(access, event),
        "table": table,
        "topic": running_order_topic(order) if order is not None else "",
        "may_change": may_change(access, event) and not event.cancelled_at,
        "beginning": form or BeginningForm(initial={"begins": begins}),
    }
    return render(request, "events/running/order.html", context, status=422 if form is not None else 200)


def _day_moment(order: RunningOrder) -> datetime.datetime | None:
    """Return the current moment once the day has begun; None before, to display the plan only."""
    begun = order.ended_at is not None or order.items.filter(began_at__isnull=False).exists()
    return now() if begun else None


@member_required
@require_POST
def change_order_beginning(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the start of the first item."""
    access, found, order = get_running_order_or_404(request, event)
    form = BeginningForm(request.POST)
    if not form.is_valid():
        return running_order_response(request, access, found, order, form)
    with flash_result(request, _("Saved.")):
        actions.set_beginning(access=access, event=found, begins=form.cleaned_data["begins"])
    return redirect("events:running_order", found.uuid)


@member_required
@require_POST
def move_running_item(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one item: `up` or `down` by one place (button), or `item` before `before` (dragged)."""
    access, found, _order = get_running_order_or_404(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_running_item(access=access, event=found, uuid=_uuid(moved), down=name == "down")
        if "item" in request.POST:
            moved, before = request.POST["item"], request.POST.get("before", "")
            target = _uuid(before) if before else None
            actions.move_running_item(access=access, event=found, uuid=_uuid(moved), before=target)
    if request.headers.get("HX-Request"):
        return running_order_response(request, access, found, running_order_for(request.user, found.uuid))
    return redirect(f"{reverse('events:running_order', args=[found.uuid])}#item-{moved}")


@member_required
@require_safe
def download_running_order(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the plan as PDF, in the reader's language."""
    _access, found, order = get_running_order_or_404(request, event)
    if order is None:
        raise Http404
    table = build_running_order_table(order, running_items_of(order))
    language = get_language() or ""
    content = running_order_pdf(title=event_title(found), event=found, table=table, language=language)
    return pdf_response(content, "running-order.pdf")


# --- day ---
# The running order on the day, on a phone: current item, next item, one button to start it.


@member_required
@require_safe
def running_order_today(request: HttpRequest, event: UUID) -> HttpResponse:
    """Display current and next item."""
    access, found, order = get_running_order_or_404(request, event)
    table = build_running_order_table(order, running_items_of(order), now()) if order is not None else None
    context = {
        **event_context(access, found),
        "table": table,
        "topic": running_order_topic(order) if order is not None else "",
        "is_over": order is not None and order.ended_at is not None,
        "is_the_day": order is not None and is_running_day(order.first_moment, now()),
        "questions": questions_area(found, access),
        "may_change": may_change(access, found) and not found.cancelled_at,
    }
    return render(request, "events/running/today.html", context)


@member_required
@require_POST
def record_running_progress(request: HttpRequest, event: UUID) -> HttpResponse:
    """Record that an item begins now (`begin`) or that the last is over (`end`), or reset all."""
    access, found, _order = get_running_order_or_404(request, event)
    if "end" in request.POST:
        with flash_result(request, _("It is over. Thank you.")):
            actions.end_order(access=access, event=found)
    elif "start_over" in request.POST:
        with flash_result(request, _("The plan stands again as if nothing had begun.")):
            actions.reset_progress(access=access, event=found)
    else:
        with flash_result(request):
            actions.begin_item(access=access, event=found, uuid=_uuid(request.POST.get("begin", "")))
    return redirect("events:running_today", found.uuid)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error


# --- items ---
# One item of a running order: add, change, archive, restore.


PAGE = "events/running/item.html"


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_running_item(request: HttpRequest, event: UUID) -> HttpResponse:
    """Add an item, at the end or after the one given in `after`."""
    access, found, _order = get_running_order_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators write the running order."))
    form = RunningItemForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.add_running_item(access=access, event=found, item=form.item, after=_after(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            if "another" in request.POST:
                messages.success(request, _("Added. Here is the next one."))
                return redirect(f"{reverse('events:running_add', args=[found.uuid])}?after={made.uuid}")
            return redirect(_place_of(found, made.uuid))
    return form_page(request, PAGE, _context(access, found, form, None))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_running_item(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Change an item. A concurrent change is displayed beside the input."""
    access, found, order = get_running_order_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators write the running order."))
    row = order.items.filter(uuid=item, removed_at=None).first() if order is not None else None
    if row is None:
        raise Http404
    if request.method != "POST":
        return form_page(
            request, PAGE, _context(access, found, RunningItemForm(initial=initial_running_item(row)), row)
        )
    form = RunningItemForm(request.POST)
    theirs: RunningItem | None = None
    if form.is_valid():
        try:
            actions.change_running_item(
                access=access, event=found, uuid=item, item=form.item, seen=_submitted_revision(request)
            )
            return redirect(_place_of(found, item))
        except actions.StaleRunningItem as stale:
            form.add_error(None, stale.message)
            theirs = row = stale.item
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return form_page(request, PAGE, _context(access, found, form, row) | {"theirs": theirs})


@member_required
@require_POST
def remove_running_item(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Archive an item, with an undo."""
    access, found, _order = get_running_order_or_404(request, event)
    with flash_result(request):
        actions.remove_running_item(access=access, event=found, uuid=item)
        back = reverse("events:running_back", args=[found.uuid, item])
        visits.offer_undo(request, text=_("The item is taken out."), url=back)
    return redirect("events:running_order", found.uuid)


@member_required
@require_POST
def restore_running_item(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Restore an item to its place."""
    access, found, _order = get_running_order_or_404(request, event)
    with flash_result(request, _("The item is back in its place.")):
        actions.restore_running_item(access=access, event=found, uuid=item)
    return redirect(_place_of(found, item))


def _context(
    access: Access, event: Event, form: RunningItemForm, row: RunningItem | None
) -> dict[str, object]:
    return {
        **event_context(access, event),
        "form": form,
        "item": row,
    }


def _place_of(event: Event, item: UUID) -> str:
    return f"{reverse('events:running_order', args=[event.uuid])}#item-{item}"


def _after(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _submitted_revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
