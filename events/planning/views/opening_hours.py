"""When an exhibition is open: the hours of the week, and the days that differ."""

from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalition.core.errors import Refused
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from events.core.access import title_of, to_own_event
from events.core.actions.opening_hours import set_hours
from events.core.actions.proposal import Hours, Special
from events.core.forms.opening_hours import SpecialForm, Specials, WeekForm, initial_specials, initial_week
from events.core.models.event import Event
from events.core.permissions import may_change, require_that


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, event: UUID) -> HttpResponse:
    """Set the hours. The button “Another row” adds one and keeps what was typed."""
    access, found = to_own_event(request, event)
    require_that(may_change(access, found), _("Editors and coordinators set the hours."))
    posted = request.method == "POST"
    week = WeekForm(request.POST if posted else None, initial=initial_week(found))
    specials = Specials(_rows(request) if posted else None, prefix="special", initial=initial_specials(found))
    refused, saved = "", False
    if posted and "add" not in request.POST and week.is_valid() and specials.is_valid():
        try:
            _set(access, found, week, specials)
            saved = True
        except Refused as refusal:
            refused = refusal.message
    if saved:
        messages.success(request, _("The hours are set."))
        return redirect(found)
    wrong = posted and "add" not in request.POST
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": title_of(found),
        "week": week,
        "specials": specials,
        "refused": refused,
        "wrong": wrong and not refused,
    }
    return render(request, "events/desk/hours.html", context, status=422 if wrong else 200)


def _rows(request: HttpRequest) -> QueryDict:
    """What was sent, with one more row if somebody asked for it."""
    data = request.POST.copy()
    if "add" in data:
        count = data.get("special-TOTAL_FORMS", "")
        data["special-TOTAL_FORMS"] = str(int(count) + 1) if count.isdecimal() and len(count) < 5 else "1"
    return data


def _set(access: Access, event: Event, week: WeekForm, specials: BaseFormSet[SpecialForm]) -> None:
    days = [
        Special(
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
            opens=form.cleaned_data["opens"],
            closes=form.cleaned_data["closes"],
            why=tuple(form.why.items()),
        )
        for form in specials
        if form.counts
    ]
    set_hours(access=access, event=event, hours=[Hours(*row) for row in week.hours], special_days=days)
