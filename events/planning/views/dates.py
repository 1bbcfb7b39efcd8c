"""The dates of an event that comes again, one by one; and when those come who come earlier."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from coalition.http.responses import telling
from coalition.workspaces import access as door
from coalition.workspaces import undo
from events.core.access import to_own_event
from events.core.actions import dates
from events.core.actions.audiences import set_audience_times
from events.core.forms.reasons import AddDateForm, AudienceForm, OccurrenceForm
from events.planning.views.event import draw


@door.members_only
@require_POST
def leave_out(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Leave one date out, with an undo."""
    access, found = to_own_event(request, event)
    day = _day(on)
    added = any(one.on == day and not one.left_out for one in found.exceptions.all())
    try:
        dates.leave_out(access=access, event=found, on=day)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        back = reverse("events:date_back", args=[found.uuid, day.isoformat()])
        if added:  # no rule would bring it back
            back = f"{reverse('events:date_add', args=[found.uuid])}?on={day.isoformat()}"
        undo.offer(request, text=_("This date is left out."), url=back)
    return redirect(found)


@door.members_only
@require_POST
def add(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take a date besides those of the rule; leaving it out takes it away again."""
    access, found = to_own_event(request, event)
    form = AddDateForm(request.POST if "on" in request.POST else request.GET)
    if form.is_valid():
        try:
            dates.add_date(access=access, event=found, on=form.cleaned_data["on"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("This date is added."))
            return redirect(found)
    return draw(request, access, found, status=422, add_date_form=form)


@door.members_only
@require_POST
def take_back(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Let a date that was left out or moved be as the rule says again."""
    access, found = to_own_event(request, event)
    with telling(request, _("The date is as it was.")):
        dates.take_back(access=access, event=found, on=_day(on))
    return redirect(found)


@door.members_only
@require_POST
def move(request: HttpRequest, event: UUID, on: str) -> HttpResponse:
    """Move one date."""
    access, found = to_own_event(request, event)
    day = _day(on)
    form = OccurrenceForm(request.POST)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            dates.move_occurrence(
                access=access, event=found, on=day, to_date=cleaned["to_date"], to_time=cleaned["to_time"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("This date is moved."))
            return redirect(found)
    return draw(request, access, found, status=422, occurrence_form=form, moving=day)


@door.members_only
@require_POST
def audiences(request: HttpRequest, event: UUID) -> HttpResponse:
    """When speakers, volunteers and camera crews come."""
    access, found = to_own_event(request, event)
    form = AudienceForm(request.POST)
    if form.is_valid():
        try:
            set_audience_times(access=access, event=found, times=form.times)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return draw(request, access, found, status=422, audience_form=form)


def _day(words: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError as error:
        raise Http404 from error
