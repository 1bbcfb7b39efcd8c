"""Views of date conflicts in a planning form."""

import datetime
from contextlib import suppress
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
from events.conflicts.search import ConflictReport, DateProposal, find_conflicts, proposal_for
from events.core.actions import times as actions_times
from events.core.actions.times import EventTimesInput
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import may_plan
from events.core.queries import events_for

SEEN_FIELD, CHOSEN_START_FIELD = "conflicts_seen", "take"


@member_required
@require_safe
def conflicts_panel(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Render the conflicts of the times in the query as a page fragment; empty while they are incomplete."""
    access = get_access(request, workspace)
    require_that(may_plan(access))
    form = DateForm(request.GET)
    found = None
    if form.is_valid() and form.times is not None:
        key = form.cleaned_data["event"]
        event = events_for(request.user, access.workspace).filter(uuid=key).first() if key else None
        found = _search_conflicts(request, access, form.times, form.cleaned_data, event)
    return render(request, "events/conflicts/_conflicts.html", {"found": found})


def submitted_times(request: HttpRequest) -> QueryDict | None:
    """Return the submitted planning form with the chosen free time, if any; None without a submission."""
    if request.method != "POST":
        return None
    start = _chosen_start(request)
    if start is None:
        return request.POST
    data = request.POST.copy()
    end = None
    with suppress(KeyError, ValueError):  # the end was left open
        begins = datetime.datetime.fromisoformat(f"{data['starts_on']} {data['starts_at_time']}")
        ends = f"{data.get('ends_on') or data['starts_on']} {data['ends_at_time']}"
        end = start + (datetime.datetime.fromisoformat(ends) - begins)
    data["starts_on"], data["starts_at_time"] = start.date().isoformat(), f"{start:%H:%M}"
    if end is not None:
        data["ends_at_time"] = f"{end:%H:%M}"
        data["ends_on"] = end.date().isoformat() if end.date() != start.date() else ""
    return data


def conflicts_to_show(
    request: HttpRequest,
    access: Access,
    times: EventTimesInput | None,
    cleaned: dict[str, Any],
    event: Event | None,
) -> ConflictReport | None:
    """Return what to display before these times are saved: conflicts not yet seen, or a chosen free time.

    None: save. A person who has seen the conflicts may save nevertheless.
    """
    if times is None:
        return None
    found = _search_conflicts(request, access, times, cleaned, event)
    if found is None:
        return None
    unseen = bool(found.digest) and request.POST.get(SEEN_FIELD) != found.digest
    return found if unseen or _chosen_start(request) is not None else None


def _search_conflicts(
    request: HttpRequest, access: Access, times: EventTimesInput, cleaned: dict[str, Any], event: Event | None
) -> ConflictReport | None:
    """Search for conflicts; None if the times contradict each other: the form reports that."""
    kind = EventKind(cleaned.get("kind") or (event.kind if event else EventKind.MEETING))
    thought_of = Event(kind=kind)
    try:
        actions_times.set_event_times(thought_of, times)
    except Refused:
        return None
    known = proposal_for(event) if event is not None else None
    proposal = DateProposal(
        times=actions_times.times_of(thought_of),
        kind=kind,
        region=cleaned.get("region") or "",
        hosts=known.hosts if known else (access.organisation,),
        event=event.pk if event is not None else None,
    )
    return find_conflicts(user=get_person(request), viewer=get_viewer(request), proposal=proposal)


def _chosen_start(request: HttpRequest) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(request.POST.get(CHOSEN_START_FIELD, "")).replace(tzinfo=None)
    except ValueError:
        return None
