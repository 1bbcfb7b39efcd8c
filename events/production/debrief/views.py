"""After an event: what was learned, who is thanked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import is_admitted, may_change, may_plan, to_own_event
from events.exhibitions.visitors.queries import visitors_of
from events.press.registration.queries import came_of
from events.production.debrief.actions import GROUPS, Stale, plan_again, write_learned
from events.production.debrief.actions import thank as thank_group
from events.production.debrief.forms import AgainForm, LearnedForm, initial_learned
from events.production.debrief.models import Afterwards
from events.production.debrief.presenters import is_over, thanks_rows


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def afterwards(request: HttpRequest, event: UUID) -> HttpResponse:
    """Write down what was learned. Of two who write at once, the second is shown what the first wrote."""
    access, found = _to_preparing(request, event)
    row = Afterwards.objects.filter(event=found).select_related("changed_by").first()
    counted = visitors_of(found)
    initial = initial_learned(row, press_came=came_of(found), came=counted)
    form = LearnedForm(request.POST if request.method == "POST" else None, initial=initial)
    theirs = None
    if form.is_bound and form.is_valid():
        try:
            write_learned(access=access, event=found, learned=form.learned, seen=_seen(request))
        except Stale as stale:
            form.add_error(None, stale.message)
            theirs = row = stale.row
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Written down."))
            return redirect("events:afterwards", found.uuid)
    context = _context(request, access, found, form, row) | {"theirs": theirs, "counted": counted}
    return form_page(request, "events/afterwards/page.html", context)


@member_required
@require_POST
def thank(request: HttpRequest, event: UUID, group: str) -> HttpResponse:
    """Thank those of a group who came."""
    access, found = _to_preparing(request, event)
    if group not in GROUPS:
        raise Http404
    with flash_result(request):
        count = thank_group(access=access, event=found, group=group)
        words = ngettext("One person is thanked.", "%(count)d people are thanked.", count)
        messages.success(request, words % {"count": count})
    return redirect("events:afterwards", found.uuid)


def _context(
    request: HttpRequest,
    access: Access,
    event: Event,
    form: LearnedForm,
    row: Afterwards | None,
) -> dict[str, object]:
    changes = may_change(access, event)
    by = row.changed_by if row is not None else None
    return {
        **event_context(access, event),
        "form": form,
        "row": row,
        "by": person_name(get_viewer(request), by, event.organisation) if by is not None else "",
        "is_over": is_over(event),
        "thanks": thanks_rows(event, row) if changes else [],
        "may_plan": may_plan(access),
    }


def _seen(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _to_preparing(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event read this."))
    return access, event


# --- reuse ---
# Planning an event again from one that was.


@member_required
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
