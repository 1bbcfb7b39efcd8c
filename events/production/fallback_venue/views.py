"""Fallback venue views."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that
from events.core.pages import event_context
from events.core.permissions import get_own_event_or_404, may_change
from events.production.fallback_venue.actions import move_to_fallback_venue, set_fallback_venue
from events.production.fallback_venue.forms import FallbackVenueForm, initial_fallback_venue
from events.production.fallback_venue.queries import second_place_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_fallback_venue(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the fallback venue."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators prepare plan B."))
    row = second_place_of(found)
    form = FallbackVenueForm(
        request.POST if request.method == "POST" else None, initial=initial_fallback_venue(row)
    )
    if form.is_bound and form.is_valid():
        try:
            set_fallback_venue(access=access, event=found, second=form.second)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Plan B is ready. Nobody is told before you press it."))
            return redirect(found)
    context = {
        **event_context(access, found),
        "form": form,
    }
    return form_page(request, "events/desk/second_place.html", context)


@member_required
@require_POST
def use_fallback_venue(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move the event to its fallback venue now, and notify everyone informed of it."""
    access, found = get_own_event_or_404(request, event)
    with flash_result(
        request, _("The event has moved to its second place. Everyone who knows of it is told.")
    ):
        move_to_fallback_venue(access=access, event=found)
    return redirect(found)
