"""School groups in public: first a day, then a time and who comes; and the page behind the link."""

import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.jobs.moments import day_in_words
from events.core.models.participants import EventInvitation
from events.core.public_pages import AboutEvent
from events.core.summary import invited
from events.exhibitions.school_groups.actions.apply import ask_with_group, prove_group, withdraw_group
from events.exhibitions.school_groups.actions.settings import free_slots, why_closed
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.forms import GroupForm
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.exhibitions.school_groups.presenters import SHAPES, closed_words
from events.exhibitions.school_groups.queries import public_group_visits


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
