"""What stands in the way of a date while somebody plans it."""

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.conflicts.forms import DateForm
from events.conflicts.search import Found, Proposal, conflicts, proposal_for
from events.core.actions import times as actions_times
from events.core.actions.proposal import Planned
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import may_plan
from events.core.queries import events_for

SEEN, TAKEN = "conflicts_seen", "take"


@member_required
@require_safe
def panel(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The conflicts of the times in the query, as a part of a page: empty while the times are not whole."""
    access = get_access(request, workspace)
    require_that(may_plan(access))
    form = DateForm(request.GET)
    found = None
    if form.is_valid() and form.times is not None:
        key = form.cleaned_data["event"]
        event = events_for(request.user, access.workspace).filter(uuid=key).first() if key else None
        found = _look(request, access, form.times, form.cleaned_data, event)
    return render(request, "events/desk/_conflicts.html", {"found": found})


def sent(request: HttpRequest) -> QueryDict | None:
    """What a planning form sent, with the free time in it if one was pressed; None if nothing was sent."""
    if request.method != "POST":
        return None
    start = _taken(request)
    if start is None:
        return request.POST
    data = request.POST.copy()
    length = _length(data)
    data["starts_on"], data["starts_at_time"] = start.date().isoformat(), f"{start:%H:%M}"
    if length is not None:
        end = start + length
        data["ends_at_time"] = f"{end:%H:%M}"
        data["ends_on"] = end.date().isoformat() if end.date() != start.date() else ""
    return data


def to_show(
    request: HttpRequest, access: Access, times: Planned | None, cleaned: dict[str, Any], event: Event | None
) -> Found | None:
    """What must be shown before these times are saved: conflicts not yet seen, or a free time just taken.

    None: save. Whoever has seen the conflicts and saves nevertheless, may.
    """
    if times is None:
        return None
    found = _look(request, access, times, cleaned, event)
    if found is None:
        return None
    unseen = bool(found.digest) and request.POST.get(SEEN) != found.digest
    return found if unseen or _taken(request) is not None else None


def _look(
    request: HttpRequest, access: Access, times: Planned, cleaned: dict[str, Any], event: Event | None
) -> Found | None:
    """None if the times contradict each other: the form says that itself."""
    kind = EventKind(cleaned.get("kind") or (event.kind if event else EventKind.MEETING))
    thought_of = Event(kind=kind)
    try:
        actions_times.put(thought_of, times)
    except Refused:
        return None
    known = proposal_for(event) if event is not None else None
    proposal = Proposal(
        times=actions_times.times_of(thought_of),
        kind=kind,
        region=cleaned.get("region") or "",
        hosts=known.hosts if known else (access.organisation,),
        event=event.pk if event is not None else None,
    )
    return conflicts(user=get_person(request), viewer=get_viewer(request), proposal=proposal)


def _taken(request: HttpRequest) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(request.POST.get(TAKEN, "")).replace(tzinfo=None)
    except ValueError:
        return None


def _length(data: QueryDict) -> datetime.timedelta | None:
    """How long the event lasts by what was typed; None if its end was left open."""
    try:
        begins = datetime.datetime.fromisoformat(f"{data['starts_on']} {data['starts_at_time']}")
        ends = datetime.datetime.fromisoformat(
            f"{data.get('ends_on') or data['starts_on']} {data['ends_at_time']}"
        )
    except (KeyError, ValueError):
        return None
    return ends - begins
