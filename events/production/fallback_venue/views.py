"""Plan B of an event: said before, used with one press."""

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
from events.core.permissions import may_change, to_own_event
from events.production.fallback_venue.actions import set_second_place, use_second_place
from events.production.fallback_venue.forms import SecondPlaceForm, initial_second
from events.production.fallback_venue.queries import second_place_of


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_place(request: HttpRequest, event: UUID) -> HttpResponse:
    """Say where the event goes if its place falls through."""
    access, found = to_own_event(request, event)
    require_that(may_change(access, found), _("Editors and coordinators prepare plan B."))
    row = second_place_of(found)
    form = SecondPlaceForm(request.POST if request.method == "POST" else None, initial=initial_second(row))
    if form.is_bound and form.is_valid():
        try:
            set_second_place(access=access, event=found, second=form.second)
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
def use(request: HttpRequest, event: UUID) -> HttpResponse:
    """Plan B: the event moves there now, and everyone who knows of it is told."""
    access, found = to_own_event(request, event)
    with flash_result(
        request, _("The event has moved to its second place. Everyone who knows of it is told.")
    ):
        use_second_place(access=access, event=found)
    return redirect(found)
