"""School groups at the desk: how they are taken, who comes, answers by hand, the list on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page, pdf_response, telling
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from events.core.access import title_of, to_own_event
from events.core.models.event import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, require_that
from events.exhibitions.school_groups.actions.apply import answer_group
from events.exhibitions.school_groups.actions.settings import (
    ONLY_PLANNERS,
    open_to_groups,
    stop_groups,
    why_closed,
)
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.forms import VisitsForm, initial_visits
from events.exhibitions.school_groups.models import GroupVisits
from events.exhibitions.school_groups.pdf import group_list_pdf
from events.exhibitions.school_groups.presenters import closed_words, group_rows
from events.exhibitions.school_groups.queries import group_visits_of, groups_of


def to_groups(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, GroupVisits | None]:
    """The event and how it takes groups, for who may change the event."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), ONLY_PLANNERS)
    return access, event, group_visits_of(event)


@door.members_only
@never_cache
@require_safe
def groups(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who comes, those to come first; before it is opened, how to open it."""
    access, found, visits = to_groups(request, event)
    if visits is None:
        return redirect("events:groups_terms", found.uuid)
    rows = list(groups_of(visits))
    context = planning_context(access, found) | {
        "visits": visits,
        "closed": closed_words(why_closed(visits)),
        "coming": group_rows(visits, [one for one in rows if one.ends_at > now()]),
        "past": group_rows(visits, [one for one in rows if one.ends_at <= now()]),
    }
    return render(request, "events/groups/list.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open it to groups, open it again, change the numbers."""
    access, found, visits = to_groups(request, event)
    form = VisitsForm(request.POST if request.method == "POST" else None, initial=initial_visits(visits))
    if form.is_bound and form.is_valid():
        try:
            open_to_groups(access=access, event=found, visits=form.visits)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("School groups can register."))
            return redirect("events:groups", found.uuid)
    context = planning_context(access, found) | {"form": form, "visits": visits}
    return form_page(request, "events/groups/terms.html", context)


@door.members_only
@require_POST
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _visits = to_groups(request, event)
    with telling(request, _("School groups cannot register any more. Who is registered stays.")):
        stop_groups(access=access, event=found)
    return redirect("events:groups", found.uuid)


@door.members_only
@require_POST
def answer(request: HttpRequest, event: UUID, group: UUID) -> HttpResponse:
    """Confirmed, or no place."""
    access, found, visits = to_groups(request, event)
    if visits is None:
        raise Http404
    row = get_object_or_404(groups_of(visits), uuid=group)
    row.visits = visits
    with telling(request, _("Answered. A mail says so.")):
        answer_group(access=access, group=row, confirmed=request.POST.get("answer") == "confirmed")
    return redirect("events:groups", found.uuid)


@door.members_only
@never_cache
@require_safe
def pdf(request: HttpRequest, event: UUID) -> HttpResponse:
    """The confirmed groups to come, on paper in the reader's language."""
    _access, found, visits = to_groups(request, event)
    if visits is None:
        return redirect("events:groups_terms", found.uuid)
    confirmed = groups_of(visits).filter(state=GroupState.CONFIRMED, ends_at__gt=now())
    content = group_list_pdf(
        title=title_of(found),
        event=found,
        rows=group_rows(visits, list(confirmed)),
        language=get_language() or "",
    )
    return pdf_response(content, "school-groups.pdf")
