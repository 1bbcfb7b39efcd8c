"""The running order: the plan as a list that is moved about, and as pages to carry."""

import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.core.clock import now
from coalition.http.responses import pdf_response, telling
from coalition.roles import Right
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import may_change, title_of, to_own_event
from events.production.running_order import actions
from events.production.running_order.forms import BeginningForm
from events.production.running_order.models import RunningOrder
from events.production.running_order.pdf import running_order_pdf
from events.production.running_order.presenters import table_of
from events.production.running_order.queries import items_of, running_order_for
from events.production.running_order.topics import topic_of


def to_preparing(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, RunningOrder | None]:
    """The event and its running order, for people who prepare it."""
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event read its running order."))
    return access, event, running_order_for(request.user, event.uuid)


@door.members_only
@require_safe
def running_order(request: HttpRequest, event: UUID) -> HttpResponse:
    """The plan."""
    access, found, order = to_preparing(request, event)
    return draw(request, access, found, order)


def draw(
    request: HttpRequest,
    access: Access,
    event: Event,
    order: RunningOrder | None,
    form: BeginningForm | None = None,
) -> HttpResponse:
    """The page; `form`: the beginning, if it was filled in wrongly."""
    begins = order.begins if order is not None else event.starts_at_time
    table = table_of(order, items_of(order), _day_of(order)) if order is not None else None
    context = {
        **event_context(access, event),
        "table": table,
        "topic": topic_of(order) if order is not None else "",
        "may_change": may_change(access, event) and not event.cancelled_at,
        "beginning": form or BeginningForm(initial={"begins": begins}),
    }
    return render(request, "events/running/order.html", context, status=422 if form is not None else 200)


def _day_of(order: RunningOrder) -> datetime.datetime | None:
    """The moment, once the day has begun; before it the plan is shown as a plan."""
    begun = order.ended_at is not None or order.items.filter(began_at__isnull=False).exists()
    return now() if begun else None


@door.members_only
@require_POST
def beginning(request: HttpRequest, event: UUID) -> HttpResponse:
    """When the first item begins."""
    access, found, order = to_preparing(request, event)
    form = BeginningForm(request.POST)
    if not form.is_valid():
        return draw(request, access, found, order, form)
    with telling(request, _("Saved.")):
        actions.set_beginning(access=access, event=found, begins=form.cleaned_data["begins"])
    return redirect("events:running_order", found.uuid)


@door.members_only
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one item: `up` or `down` by one place (a button), or `item` before `before` (dragged)."""
    access, found, _order = to_preparing(request, event)
    moved = ""
    with telling(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_item(access=access, event=found, uuid=_uuid(moved), down=name == "down")
        if "item" in request.POST:
            moved, before = request.POST["item"], request.POST.get("before", "")
            target = _uuid(before) if before else None
            actions.move_item(access=access, event=found, uuid=_uuid(moved), before=target)
    if request.headers.get("HX-Request"):
        return draw(request, access, found, running_order_for(request.user, found.uuid))
    return redirect(f"{reverse('events:running_order', args=[found.uuid])}#item-{moved}")


@door.members_only
@require_safe
def pdf(request: HttpRequest, event: UUID) -> HttpResponse:
    """The plan on paper, in the reader's language."""
    _access, found, order = to_preparing(request, event)
    if order is None:
        raise Http404
    table = table_of(order, items_of(order))
    language = get_language() or ""
    content = running_order_pdf(title=title_of(found), event=found, table=table, language=language)
    return pdf_response(content, "running-order.pdf")


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error
