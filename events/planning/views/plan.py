"""Planning an event, and changing one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from events.conflicts import views as conflicts_views
from events.conflicts.search import Found
from events.core.access import title_of, to_own_event
from events.core.actions.change import change_event
from events.core.actions.plan import plan_event
from events.core.actions.proposal import Planned
from events.core.enums import EventKind, GettingIn
from events.core.forms.planning import EventForm, initial_of
from events.core.models.event import Event
from events.core.permissions import may_change, may_plan, may_restrict, require_that
from events.production.debrief.queries import reusable


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Plan an event. What collides with it is shown once before it is saved."""
    access = door.enter(request, workspace)
    require_that(may_plan(access), _("Editors and coordinators plan events here."))
    form = EventForm(
        conflicts_views.sent(request),
        access=access,
        viewer=door.viewer(request),
        may_restrict=True,
        initial=_beginning(request),
    )
    found = _in_the_way(request, access, form, None)
    if found is None and request.method == "POST" and form.is_valid():
        try:
            event = _plan(access, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Planned. Nobody outside this workspace is told of it yet."))
            return redirect("events:hours" if event.run_from else "events:event", event.uuid)
    earlier = [(title_of(one), one) for one in reusable(access.user, access.workspace)]
    return _form_page(request, access, form, "events/desk/plan.html", found=found, earlier=earlier)


def _plan(access: Access, form: EventForm) -> Event:
    cleaned = form.cleaned_data
    return plan_event(
        access=access,
        kind=EventKind(cleaned["kind"]),
        texts=form.words,
        times=_asked(form.times),
        place=form.place,
        handling=Handling(cleaned["handling"]),
        restricted_to=cleaned["restricted_to"],
        draft=cleaned["draft"],
        picture=cleaned["picture"],
    )


def _asked(times: Planned | None) -> Planned:
    assert times is not None  # noqa: S101  the form of a new event asks for its times
    return times


def _beginning(request: HttpRequest) -> dict[str, object]:
    """What the empty form proposes; `?on=` is the day from which the calendar was left."""
    return {
        "kind": EventKind.PRESS_CONFERENCE,
        "handling": Handling.WORKSPACE,
        "step_free": GettingIn.UNKNOWN,
        "region": "KZ-75",
        "zone": timezone.get_default_timezone_name(),
        "interval": 1,
        "starts_on": request.GET.get("on") or None,
    }


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, event: UUID) -> HttpResponse:
    """Change an event. The times of one that was told are not among it: it is moved."""
    access, found = to_own_event(request, event)
    require_that(may_change(access, found), _("Editors and coordinators change this event."))
    form = EventForm(
        conflicts_views.sent(request),
        access=access,
        viewer=door.viewer(request),
        may_restrict=may_restrict(access, found),
        event=found,
        initial=initial_of(found, request.GET.get("at", "")),
    )
    in_the_way = _in_the_way(request, access, form, found)
    if in_the_way is None and request.method == "POST" and form.is_valid():
        try:
            _change(access, found, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    more = {"event": found, "title": title_of(found), "found": in_the_way}
    return _form_page(request, access, form, "events/desk/change.html", **more)


def _in_the_way(request: HttpRequest, access: Access, form: EventForm, event: Event | None) -> Found | None:
    """What collides with the times sent and has to be shown before they are saved."""
    if request.method != "POST" or not form.is_valid():
        return None
    return conflicts_views.to_show(request, access, form.times, form.cleaned_data, event)


def _change(access: Access, event: Event, form: EventForm) -> None:
    cleaned = form.cleaned_data
    change_event(
        access=access,
        event=event,
        kind=EventKind(cleaned["kind"]),
        texts=form.words,
        place=form.place,
        handling=Handling(cleaned["handling"]),
        draft=cleaned.get("draft", event.draft),
        picture=cleaned.get("picture", event.picture),
        times=form.times,
        restricted_to=cleaned.get("restricted_to"),
    )


def _form_page(
    request: HttpRequest, access: Access, form: EventForm, template: str, **more: object
) -> HttpResponse:
    """The page with the form; 409 if it only waits for the word that conflicts are known."""
    context = {"access": access, "workspace": access.workspace, "form": form, **more}
    if more.get("found") and not form.errors:
        return render(request, template, context, status=409)
    return form_page(request, template, context)
