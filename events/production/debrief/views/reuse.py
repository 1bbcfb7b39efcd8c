"""Planning an event again from one that was."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from documents.drafts.permissions import require_that
from events.core.pages import event_context
from events.core.permissions import is_admitted, may_plan, to_own_event
from events.production.debrief.actions.reuse import plan_again
from events.production.debrief.forms import AgainForm


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, event: UUID) -> HttpResponse:
    """Ask for the new day and what is taken over; the new event is planned, nobody is told."""
    access, found = to_own_event(request, event)
    require_that(
        may_plan(access) and is_admitted(access, found), _("Editors and coordinators plan events here.")
    )
    form = AgainForm(request.POST if request.method == "POST" else None, event=found)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            made = plan_again(access=access, event=found, on=sent["on"], parts=sent["parts"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Planned again. Nobody outside this workspace is told of it yet."))
            return redirect("events:event", made.uuid)
    context = {
        **event_context(access, found),
        "form": form,
    }
    return form_page(request, "events/afterwards/again.html", context)
