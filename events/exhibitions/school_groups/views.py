"""School group views in the member area: terms, list, answers, PDF."""

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
from events.core.permissions import event_title, get_own_event_or_404, may_change
from events.core.public_pages import EventSubjectMixin
from events.core.summary import build_invitation_summary
from events.exhibitions.school_groups.actions import (
    ONLY_PLANNERS,
    answer_group,
    confirm_group_address,
    free_slots,
    groups_closed_reason,
    open_to_groups,
    request_group_visit,
    stop_groups,
    withdraw_group,
)
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.forms import GroupForm, VisitsForm, initial_visits
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.exhibitions.school_groups.pdf import group_list_pdf
from events.exhibitions.school_groups.presenters import SHAPES, group_rows, groups_closed_message
from events.exhibitions.school_groups.queries import group_visits_of, groups_of, public_group_visits


def get_group_visits_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, GroupVisits | None]:
    """Return the event and its terms for groups, for people who may change the event."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_change(access, event), ONLY_PLANNERS)
    return access, event, group_visits_of(event)


@member_required
@never_cache
@require_safe
def groups(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the groups, future visits first; before registration is opened, offer to open it."""
    access, found, visits = get_group_visits_or_404(request, event)
    if visits is None:
        return redirect("events:groups_terms", found.uuid)
    rows = list(groups_of(visits))
    context = planning_context(access, found) | {
        "visits": visits,
        "closed": groups_closed_message(groups_closed_reason(visits)),
        "coming": group_rows(visits, [one for one in rows if one.ends_at > now()]),
        "past": group_rows(visits, [one for one in rows if one.ends_at <= now()]),
    }
    return render(request, "events/groups/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_visit_terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open or reopen registration of groups, or change the terms."""
    access, found, visits = get_group_visits_or_404(request, event)
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
def close_group_visits(request: HttpRequest, event: UUID) -> HttpResponse:
    """Close registration of groups."""
    access, found, _visits = get_group_visits_or_404(request, event)
    with flash_result(request, _("School groups cannot register any more. Who is registered stays.")):
        stop_groups(access=access, event=found)
    return redirect("events:groups", found.uuid)


@member_required
@require_POST
def answer_group_request(request: HttpRequest, event: UUID, group: UUID) -> HttpResponse:
    """Confirm or decline a group."""
    access, found, visits = get_group_visits_or_404(request, event)
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
def download_group_list(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the PDF of confirmed future groups, in the reader's language."""
    _access, found, visits = get_group_visits_or_404(request, event)
    if visits is None:
        return redirect("events:groups_terms", found.uuid)
    confirmed = groups_of(visits).filter(state=GroupState.CONFIRMED, ends_at__gt=now())
    content = group_list_pdf(
        title=event_title(found),
        event=found,
        rows=group_rows(visits, list(confirmed)),
        language=get_language() or "",
    )
    return pdf_response(content, "school-groups.pdf")


# --- public ---
# Public school group views: choice of a day, then of a slot with the form; the page by link.


class GroupVisitsMixin(EventSubjectMixin):
    subject: GroupVisits

    def get_subject(self) -> GroupVisits:
        found = public_group_visits(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found


class GroupRequestView(GroupVisitsMixin, ApplyView):
    """Days with free slots; with `?on=2026-03-12` the slots and the form."""

    template_name = "events/groups/ask.html"
    form_class = GroupForm
    throttle = "school-groups"

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.free, self.on = free_slots(self.subject), _parse_day(self.request.GET.get("on", ""))

    def closed_reason(self) -> str:
        return groups_closed_reason(self.subject)

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
        request_group_visit(visits=self.subject, asking=form.asking)

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
            "closed": groups_closed_message(closed),
        }


class GroupRequestSentView(GroupVisitsMixin, SentView):
    template_name = "events/groups/sent.html"


class OwnGroupView(OwnPageView):
    """A group's own page: submit the request, read its state, withdraw."""

    flow = SCHOOL_GROUPS
    template_name = "events/groups/own.html"
    actions = {"confirm": "confirm", "withdraw": "withdraw"}
    applicant: SchoolGroup

    def confirm(self) -> None:
        confirm_group_address(group=self.applicant)

    def withdraw(self) -> HttpResponse | None:
        return None if withdraw_group(group=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        group, event = self.applicant, self.applicant.visits.event
        state, why = GroupState(group.state), groups_closed_reason(group.visits)
        about = EventInvitation(event=event, language=group.language)
        return super().get_context_data(**context) | {
            "group": group,
            "event": build_invitation_summary(about) if event.is_public else None,
            "when": visit_words(group, event, group.language),
            "state": state,
            "shape": SHAPES[state],
            "proved": group.proved_at is not None,
            "asks": state in {GroupState.UNPROVED, GroupState.WITHDRAWN},
            "closed": groups_closed_message(why),
            "cancelled": why == "cancelled",
        }


def _parse_day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError:
        return None
