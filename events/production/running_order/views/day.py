"""The running order on the day, on a phone: what is now, what is next, one press when the next begins."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.core.clock import now
from coalition.http.responses import telling
from coalition.workspaces import access as door
from events.core.pages import event_context
from events.core.permissions import may_change
from events.production.running_order import actions
from events.production.running_order.presenters import table_of
from events.production.running_order.queries import items_of
from events.production.running_order.timetable import is_the_day
from events.production.running_order.topics import topic_of
from events.production.running_order.views.plan import to_preparing
from events.questions.presenters import questions_area


@door.members_only
@require_safe
def today(request: HttpRequest, event: UUID) -> HttpResponse:
    """Now and next."""
    access, found, order = to_preparing(request, event)
    table = table_of(order, items_of(order), now()) if order is not None else None
    context = {
        **event_context(access, found),
        "table": table,
        "topic": topic_of(order) if order is not None else "",
        "is_over": order is not None and order.ended_at is not None,
        "is_the_day": order is not None and is_the_day(order.first_moment, now()),
        "questions": questions_area(found, access),
        "may_change": may_change(access, found) and not found.cancelled_at,
    }
    return render(request, "events/running/today.html", context)


@door.members_only
@require_POST
def say(request: HttpRequest, event: UUID) -> HttpResponse:
    """Say that an item begins now (`begin`), that the last is over (`end`), or take all of it back."""
    access, found, _order = to_preparing(request, event)
    if "end" in request.POST:
        with telling(request, _("It is over. Thank you.")):
            actions.end_order(access=access, event=found)
    elif "start_over" in request.POST:
        with telling(request, _("The plan stands again as if nothing had begun.")):
            actions.start_over(access=access, event=found)
    else:
        with telling(request):
            actions.begin_item(access=access, event=found, uuid=_uuid(request.POST.get("begin", "")))
    return redirect("events:running_today", found.uuid)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error
