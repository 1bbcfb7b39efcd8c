"""School groups at the desk: how they are taken, who comes, answers by hand, the list on paper."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.models import Event, EventInvitation
from events.core.pages import planning_context
from events.core.permissions import may_change, title_of, to_own_event
from events.core.public_pages import AboutEvent
from events.core.summary import invited
from events.exhibitions.school_groups.actions import (
    ONLY_PLANNERS,
    answer_group,
    ask_with_group,
    free_slots,
    open_to_groups,
    prove_group,
    stop_groups,
    why_closed,
    withdraw_group,
)
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.forms import GroupForm, VisitsForm, initial_visits
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.exhibitions.school_groups.pdf import group_list_pdf
from events.exhibitions.school_groups.presenters import SHAPES, closed_words, group_rows
from events.exhibitions.school_groups.queries import group_visits_of, groups_of, public_group_visits


def to_groups(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, GroupVisits | None]:
    """The event and how it takes groups, for who may change the event."""
    access, event = to_own_event(request, uuid)
    require_that(may_change(access, event), ONLY_PLANNERS)
    return access, event, group_visits_of(event)


@member_required
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


@member_required
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


@member_required
@require_POST
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _visits = to_groups(request, event)
    with flash_result(request, _("School groups cannot register any more. Who is registered stays.")):
        stop_groups(access=access, event=found)
    return redirect("events:groups", found.uuid)


@member_required
@require_POST
def answer(request: HttpRequest, event: UUID, group: UUID) -> HttpResponse:
    """Confirmed, or no place."""
    access, found, visits = to_groups(request, event)
    if visits is None:
        raise Http404
    row = get_object_or_404(groups_of(visits), uuid=group)
    row.visits = visits
    with flash_result(request, _("Answered. A mail says so.")):
        answer_group(access=access, group=row, confirmed=request.POST.get("answer") == "confirmed")
    return redirect("events:groups", found.uuid)


@member_required
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


# --- public ---
# School groups in public: first a day, then a time and who comes; and the page behind the link.


class AboutGroups(AboutEvent):
    subject: GroupVisits

    def get_subject(self) -> GroupVisits:
        found = public_group_visits(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found


class AskWithGroup(AboutGroups, ApplyView):
    """The days that have free times; with `?on=2026-03-12` the times and the form."""

    template_name = "events/groups/ask.html"
    form_class = GroupForm
    throttle = "school-groups"

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.free, self.on = free_slots(self.subject), _day(self.request.GET.get("on", ""))

    def closed_reason(self) -> str:
        return why_closed(self.subject)

    def get_form(self, data: QueryDict | None = None) -> forms.Form | None:
        is_free = self.on in self.free and not self.closed_reason()
        if self.on is None or (data is None and not is_free):
            return None
        return GroupForm(
            data,
            visits=self.subject,
            on=self.on,
            slots=self.free.get(self.on, []),
            initial={"language": get_language()},
        )

    def apply(self, form: GroupForm) -> None:
        ask_with_group(visits=self.subject, asking=form.asking)

    def success_url(self) -> str:
        return reverse("school_groups_sent", args=[self.subject.event.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        closed = context["closed"]
        days = [(f"{day:%Y-%m-%d}", day_in_words(day), len(times)) for day, times in self.free.items()]
        return super().get_context_data(**context) | {
            "visits": self.subject,
            "on": self.on,
            "on_words": day_in_words(self.on) if self.on is not None else "",
            "days": [] if closed else days,
            "closed": closed_words(closed),
        }


class GroupSent(AboutGroups, SentView):
    template_name = "events/groups/sent.html"


class OwnGroup(OwnPageView):
    """One group's page: the school asks, reads where it stands, withdraws."""

    flow = SCHOOL_GROUPS
    template_name = "events/groups/own.html"
    actions = {"confirm": "confirm", "withdraw": "withdraw"}
    applicant: SchoolGroup

    def confirm(self) -> None:
        prove_group(group=self.applicant)

    def withdraw(self) -> HttpResponse | None:
        return None if withdraw_group(group=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        group, event = self.applicant, self.applicant.visits.event
        state, why = GroupState(group.state), why_closed(group.visits)
        about = EventInvitation(event=event, language=group.language)
        return super().get_context_data(**context) | {
            "group": group,
            "event": invited(about) if event.is_public else None,
            "when": visit_words(group, event, group.language),
            "state": state,
            "shape": SHAPES[state],
            "proved": group.proved_at is not None,
            "asks": state in {GroupState.UNPROVED, GroupState.WITHDRAWN},
            "closed": closed_words(why),
            "cancelled": why == "cancelled",
        }


def _day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError:
        return None
