"""School group views in the member area: terms, list, answers, PDF."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.core.clock import now
from coalition.http.responses import pdf_response
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.permissions import Access
from events.core.generic_views import EventFormView, event_action, event_loader, event_page, parse_day
from events.core.models import Event
from events.core.permissions import event_title, may_change
from events.core.public_pages import EventSubjectMixin, planning_context
from events.core.summary import summary_in
from events.exhibitions.school_groups import actions as school_groups_actions
from events.exhibitions.school_groups.forms import GroupForm, VisitsForm
from events.exhibitions.school_groups.models import (
    GroupState,
    GroupVisits,
    SchoolGroup,
    groups_of,
    public_group_visits,
)
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.exhibitions.school_groups.presenters import (
    SHAPES,
    group_list_pdf,
    group_rows,
    groups_closed_message,
)

load_planned_event = event_loader(may_change, school_groups_actions.ONLY_PLANNERS)


@event_page(load_planned_event)
def list_groups(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List the groups, future visits first; before registration is opened, offer to open it."""
    visits: GroupVisits | None = getattr(event, "group_visits", None)
    if visits is None:
        return redirect("events:groups_terms", event.uuid)
    rows = list(groups_of(event))
    context = planning_context(access, event) | {
        "visits": visits,
        "closed": groups_closed_message(school_groups_actions.groups_closed_reason(visits)),
        "coming": group_rows(visits, [one for one in rows if one.ends_at > now()]),
        "past": group_rows(visits, [one for one in rows if one.ends_at <= now()]),
    }
    return render(request, "events/school_groups/list.html", context)


class GroupVisitsFormView(EventFormView):
    """Open or reopen registration of groups, or change the terms."""

    form_class = VisitsForm
    template_name = "events/school_groups/terms.html"
    refusal = school_groups_actions.ONLY_PLANNERS
    success_name = "events:groups"
    success_message = gettext_lazy("School groups can register.")

    def get_instance(self) -> GroupVisits | None:
        return getattr(self.event, "group_visits", None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"visits": self.get_instance()}

    def save(self, form: VisitsForm) -> None:
        school_groups_actions.open_to_groups(access=self.access, event=self.event, **form.cleaned_data)


@event_action(
    "events:groups", success=gettext_lazy("School groups cannot register any more. Who is registered stays.")
)
def close_group_visits(request: HttpRequest, access: Access, event: Event) -> None:
    """Close registration of groups."""
    school_groups_actions.stop_groups(access=access, event=event)


@event_action("events:groups", success=gettext_lazy("Answered. A mail says so."))
def answer_group_request(request: HttpRequest, access: Access, event: Event, group: UUID) -> None:
    """Confirm or decline a group."""
    row = get_object_or_404(groups_of(event), uuid=group)
    school_groups_actions.answer_group(
        access=access, group=row, confirmed=request.POST.get("answer") == "confirmed"
    )


@event_page(load_planned_event)
def download_group_list(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Return the PDF of confirmed future groups, in the reader's language."""
    content = group_list_pdf(
        title=event_title(event),
        event=event,
        groups=groups_of(event).filter(state=GroupState.CONFIRMED, ends_at__gt=now()),
        language=get_language() or "",
    )
    return pdf_response(content, "school-groups.pdf")


class GroupVisitsMixin(EventSubjectMixin):
    subject: GroupVisits

    def get_subject(self) -> GroupVisits:
        return get_object_or_404(public_group_visits(), event__slug=self.kwargs["slug"])


class GroupRequestView(GroupVisitsMixin, ApplyView):
    """Days with free slots; with `?on=2026-03-12` the slots and the form."""

    template_name = "events/school_groups/ask.html"
    form_class = GroupForm
    throttle = "school-groups"

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.free, self.on = (
            school_groups_actions.free_slots(self.subject),
            parse_day(self.request.GET.get("on", "")),
        )

    def closed_reason(self) -> str:
        return school_groups_actions.groups_closed_reason(self.subject)

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
        school_groups_actions.request_group_visit(visits=self.subject, **form.visit)

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
    template_name = "events/school_groups/sent.html"


class OwnGroupView(OwnPageView):
    """A group's own page: submit the request, read its state, withdraw."""

    flow = SCHOOL_GROUPS
    template_name = "events/school_groups/own.html"
    actions = {"confirm": "confirm", "withdraw": "withdraw"}
    applicant: SchoolGroup

    def confirm(self) -> None:
        school_groups_actions.confirm_group_address(group=self.applicant)

    def withdraw(self) -> HttpResponse | None:
        return None if school_groups_actions.withdraw_group(group=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        group, event = self.applicant, self.applicant.visits.event
        state, why = GroupState(group.state), school_groups_actions.groups_closed_reason(group.visits)
        return super().get_context_data(**context) | {
            "group": group,
            "event": summary_in(event, group.language) if event.is_public else None,
            "state": state,
            "shape": SHAPES[state],
            "proved": group.proved_at is not None,
            "asks": state in {GroupState.UNPROVED, GroupState.WITHDRAWN},
            "closed": groups_closed_message(why),
            "cancelled": why == "cancelled",
        }
