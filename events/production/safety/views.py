"""The safety plan of an event: read on the day, written before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import may_change, to_own_event
from events.production.safety.actions import DAYS_KEPT, write_safety_plan
from events.production.safety.forms import SafetyForm, initial_safety
from events.production.safety.presenters import lines_of, photographs_of, seats_in_words
from events.production.safety.queries import people_of, safety_plan_of


def to_safety(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """The event, for people who prepare it."""
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event read its safety plan."))
    return access, event


@member_required
@never_cache
@require_safe
def safety(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who answers for what, with phones to press; made for a phone."""
    access, found = to_safety(request, event)
    plan = safety_plan_of(found)
    context = _context(access, found) | {
        "plan": plan,
        "lines": lines_of(people_of(plan) if plan is not None else {}, get_viewer(request)),
        "photographs": photographs_of(plan),
        "seats": seats_in_words(plan) if plan is not None else "",
        "days_kept": DAYS_KEPT,
        "may_change": may_change(access, found) and not found.cancelled_at,
    }
    return render(request, "events/safety/plan.html", context)


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event: UUID) -> HttpResponse:
    """Write the plan."""
    access, found = to_safety(request, event)
    require_that(may_change(access, found), _("Editors and coordinators write the safety plan."))
    plan = safety_plan_of(found)
    form = SafetyForm(
        request.POST if request.method == "POST" else None,
        initial=initial_safety(found, plan, people_of(plan) if plan is not None else {}),
        workspace=access.workspace,
        viewer=get_viewer(request),
    )
    if form.is_bound and form.is_valid():
        try:
            write_safety_plan(access=access, event=found, safety=form.safety)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The safety plan is saved."))
            return redirect("events:safety", found.uuid)
    return form_page(request, "events/safety/change.html", _context(access, found) | {"form": form})


def _context(access: Access, event: Event) -> dict[str, object]:
    return {
        **event_context(access, event),
    }
