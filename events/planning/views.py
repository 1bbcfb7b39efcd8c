"""The page of an event, and planning it."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import current_access, get_access, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import activity_for
from coalition.workspaces.sentence_params import describe_activities
from documents.drafts.models import Handling
from documents.drafts.permissions import require_that
from documents.publication.actions import NotPublishable
from events.conflicts.search import find_conflicts, proposal_for
from events.conflicts.views import conflicts_to_show, submitted_times
from events.core import permissions as event_permissions, presenters as core_presenters
from events.core.actions import plan, times as actions_times
from events.core.enums import Answer, EventKind, EventState, GettingIn, Visibility
from events.core.forms.planning import (
    AddDateForm,
    AnnounceForm,
    AudienceForm,
    EventForm,
    MoveForm,
    OccurrenceForm,
    initial_event,
)
from events.core.forms.times import HoursForm
from events.core.generic_views import EventFormView, event_action
from events.core.journalists import why_registration_closed
from events.core.models import Event
from events.core.public_pages import areas_of, event_context
from events.core.queries import invitation_of, open_invitations, registration_of, reusable_events, text_of
from events.core.summary import approved_event_text, event_page_path, facts_for
from events.ical.builder import CalendarHeading, build_calendar
from events.planning import presenters
from events.press.registration.presenters import count_words, press_closed_message
from events.press.registration.queries import state_counts
from events.production.models import RunningOrder, checklist_counts, fallback_venue_of
from events.production.readiness.rules import findings_of
from events.production.running_order.presenters import build_running_order_table
from events.production.running_order.queries import running_items_of

MOST_NEWS = 8


@member_required
@require_safe
def event_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render everything about an event: details, audience, what is missing, who comes."""
    access, found = event_permissions.get_event_or_404(request, event)
    return event_page_response(request, access, found)


def event_page_response(
    request: HttpRequest, access: Access | None, event: Event, *, status: int = 200, **more: object
) -> HttpResponse:
    """Render the page; `more` may contain an invalid form with its input."""
    viewer = get_viewer(request)
    language = get_language() or ""
    changes = access is not None and event_permissions.may_change(access, event)
    is_over = core_presenters.is_over(event)
    early = {row.audience: row.begins for row in event.audience_times.all()}
    context: dict[str, object] = {
        **event_context(access, event),
        "when": core_presenters.when_of(event),
        "facts": core_presenters.place_facts(event, knows_address=access is not None),
        "tells_address": access is not None or not event.address_for_confirmed,
        "languages": [text_of(event, code) for code in Language],
        "approved": approved_event_text(event, language),
        "reach": presenters.reach_of(event),
        "handling": Handling(event.handling),
        "invitation": invitation_of(request.user, event),
        "may_change": changes and event.state != EventState.CANCELLED,
        "is_over": is_over,
        "public_url": settings.SITE_URL + event_page_path(event, language) if event.is_public else "",
        "audience_form": AudienceForm(initial=early),
        "occurrence_form": OccurrenceForm(),
        "add_date_form": AddDateForm(),
    }
    rows = activity_for(request.user, event.workspace).filter(subject=event.uuid)
    context["news"] = describe_activities(viewer, rows[:MOST_NEWS])
    if access is not None:
        prepares = access.may(Right.SEE_DRAFTS)
        context |= {
            "prepares": prepares,
            "press": _press_context(event) if changes else None,
            "areas": areas_of(event, access),
            "hosts": core_presenters.host_rows(event, viewer, asked=prepares),
            "answers": presenters.answers_of(event),
            "dates": presenters.dates_of(event),
            **(_preparation_context(event) if prepares else {}),
        }
    if context["may_change"]:
        context["missing"] = presenters.missing_for_announcement(event, viewer)
        if not is_over:
            proposal = proposal_for(event)
            context["found"] = find_conflicts(user=get_person(request), viewer=viewer, proposal=proposal)
    return render(request, "events/planning/event.html", context | more, status=status)


def _preparation_context(event: Event) -> dict[str, object]:
    """Return what organisers see: running order, checklist, fallback venue, and what is missing."""
    running, order = None, RunningOrder.objects.filter(event=event).first()
    if order is not None:
        order.event = event
        running = build_running_order_table(order, running_items_of(order))
    tasks, second = checklist_counts(event), fallback_venue_of(event)
    found = findings_of(event, running=running, second=second, overdue=tasks["late"])
    return {"running": running, "tasks": tasks, "second": second, "readiness": found}


def _press_context(event: Event) -> dict[str, object]:
    """Return the event's press settings, for people who may change it."""
    registration = registration_of(event)
    if registration is None:
        return {}
    closed = press_closed_message(registration, why_registration_closed(registration))
    return {
        "counts": count_words(state_counts(registration)),
        "closed": closed,
        "places": registration.places,
    }


@member_required
@require_safe
def download_event_file(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the event as a file for the person's own calendar, with the start for their audience."""
    access, found = event_permissions.get_event_or_404(request, event)
    language = get_language() or ""
    invitation = invitation_of(request.user, found)
    facts = facts_for(
        found,
        language=language,
        viewer=get_viewer(request),
        audience=invitation.audience if invitation else "",
        knows_address=access is not None or (invitation is not None and invitation.answer == Answer.ACCEPTED),
    )
    answer = HttpResponse(
        build_calendar([facts], CalendarHeading(name=facts.title, language=language)),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


def _announces_publicly(request: HttpRequest) -> bool:
    return request.POST.get("visibility") == Visibility.PUBLIC


class AnnounceView(EventFormView):
    """The audiences, and what is missing for each. The public one requires reauthentication."""

    form_class = AnnounceForm
    template_name = "events/planning/announce.html"
    refusal = gettext_lazy("Editors and coordinators announce this event.")

    @method_decorator(reauthentication_required(enabled=_announces_publicly))
    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        ready = [one for one in Visibility if not plan.announcement_obstacles(self.event, one, viewer)]
        return {"visibility": (ready or [Visibility.WORKSPACE])[0]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        about = {
            Visibility.WORKSPACE: _("Everyone with a seat in this workspace, observers too."),
            Visibility.COALITION: _(
                "Every member of the coalition, in their calendar. Not the media partners."
            ),
            Visibility.PUBLIC: _(
                "The whole world: the site, the calendars that people subscribed to, searches."
            ),
        }
        steps = []
        for visibility in Visibility:
            missing = plan.announcement_obstacles(self.event, visibility, viewer)
            if not event_permissions.may_announce(self.access, self.event, visibility):
                missing.insert(0, str(plan.ONLY_COORDINATORS))
            step = {"value": visibility.value, "label": visibility.label, "about": about[visibility]}
            steps.append({**step, "missing": missing})
        return super().get_context_data(**kwargs) | {"steps": steps}

    def save(self, form: AnnounceForm) -> HttpResponse | None:
        visibility = Visibility(form.cleaned_data["visibility"])
        try:
            plan.announce_event(access=self.access, event=self.event, visibility=visibility)
        except Refused as refusal:
            reasons = refusal.reasons if isinstance(refusal, NotPublishable) else [refusal.message]
            return self.render_to_response(self.get_context_data(form=form, reasons=reasons), status=409)
        is_public = visibility == Visibility.PUBLIC
        told = _("It is public now, in every language, and in the calendars.")
        messages.success(self.request, told if is_public else _("It is announced."))
        return None


class CancelView(EventFormView):
    """Cancel permanently, after confirmation, since it cannot be undone."""

    form_class = forms.Form
    template_name = "events/planning/cancel.html"
    refusal = gettext_lazy("Editors and coordinators cancel this event.")
    success_message = gettext_lazy("Cancelled. Its page and the calendars say so.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"invited": open_invitations(self.event).count()}

    def save(self, form: forms.Form) -> None:
        plan.cancel_event(access=self.access, event=self.event)


class EventTimesView(MemberFormView):
    """A form with times, saved only once their conflicts were displayed: until then status 409."""

    access: Access
    event: Event | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"data": submitted_times(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        found = conflicts_to_show(self.request, self.access, form.times, form.cleaned_data, self.event)
        if found is None:
            return super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form, found=found), status=409)


class PlanEventView(EventTimesView):
    """Plan an event."""

    form_class = EventForm
    template_name = "events/planning/plan.html"
    success_message = gettext_lazy("Planned. Nobody outside this workspace is told of it yet.")

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        require_that(event_permissions.may_plan(self.access), _("Editors and coordinators plan events here."))

    def get_initial(self) -> dict[str, Any]:
        """Return the values of an empty form; `?on=` is the day selected in the calendar."""
        return {
            "kind": EventKind.PRESS_CONFERENCE,
            "handling": Handling.WORKSPACE,
            "step_free": GettingIn.UNKNOWN,
            "region": "KZ-75",
            "zone": timezone.get_default_timezone_name(),
            "interval": 1,
            "starts_on": self.request.GET.get("on") or None,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = reusable_events(self.access.user, self.access.workspace)
        return super().get_context_data(**kwargs) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "earlier": [(event_permissions.event_title(one), one) for one in earlier],
        }

    def save(self, form: EventForm) -> HttpResponse:
        event = plan.plan_event(access=self.access, times=form.times, **form.values)  # type: ignore[arg-type]  # asks for times
        return redirect("events:hours" if event.run_from else "events:event", event.uuid)


class EventChangeView(EventTimesView, EventFormView):
    """A form with the texts, times and place of a planned event. `?at=`: a start that was chosen."""

    event: Event

    def get_initial(self) -> dict[str, Any]:
        return initial_event(self.event, self.request.GET.get("at", ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event}


class ChangeEventView(EventChangeView):
    """Change an event. The times of an announced one are excluded: it is moved."""

    form_class = EventForm
    template_name = "events/planning/change.html"
    refusal = gettext_lazy("Editors and coordinators change this event.")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "access": self.access,
            "viewer": get_viewer(self.request),
            "may_restrict": event_permissions.may_restrict(self.access, self.event),
        }

    def save(self, form: EventForm) -> None:
        current = {"draft": self.event.draft, "picture": self.event.picture}
        plan.change_event(
            access=self.access, event=self.event, times=form.times, **{**current, **form.values}
        )


class MoveEventView(EventChangeView):
    """Change time or place. People who knew the old one are notified."""

    form_class = MoveForm
    template_name = "events/planning/move.html"
    refusal = gettext_lazy("Editors and coordinators move this event.")
    success_message = gettext_lazy("Moved. Everyone who was told of it is told of this.")

    def get(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        if not self.event.is_told:
            return redirect("events:change", self.event.uuid)
        return super().get(request, *args, **kwargs)

    def save(self, form: MoveForm) -> None:
        plan.move_event(
            access=self.access, event=self.event, times=form.times, place=form.place, texts=form.words
        )


class HoursView(EventFormView):
    """Opening hours of an exhibition: weekly hours, and special days."""

    form_class = HoursForm
    template_name = "events/planning/hours.html"
    refusal = gettext_lazy("Editors and coordinators set the hours.")
    success_message = gettext_lazy("The hours are set.")

    def get_form(self, form_class: type[forms.BaseForm] | None = None) -> HoursForm:
        return HoursForm(self.request.POST if self.request.method == "POST" else None, event=self.event)

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        if "add" in request.POST:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def save(self, form: HoursForm) -> None:
        actions_times.set_hours(
            access=self.access, event=self.event, hours=form.week, special_days=form.special_days
        )


@event_action()
def exclude_event_date(request: HttpRequest, access: Access, event: Event, on: str) -> None:
    """Leave one date out, with an undo."""
    day = _parse_day(on)
    added = event.exceptions.filter(on=day, left_out=False).exists()
    actions_times.exclude_date(access=access, event=event, on=day)
    back = reverse("events:date_restore", args=[event.uuid, day.isoformat()])
    if added:  # no rule would restore it
        back = f"{reverse('events:date_add', args=[event.uuid])}?on={day.isoformat()}"
    visits.offer_undo(request, text=_("This date is left out."), url=back)


@event_action(success=gettext_lazy("The date is as it was."))
def restore_event_date(request: HttpRequest, access: Access, event: Event, on: str) -> None:
    """Restore a date that was left out or moved to what the rule gives."""
    actions_times.restore_date(access=access, event=event, on=_parse_day(on))


@event_action()
def add_event_date(request: HttpRequest, access: Access, event: Event) -> HttpResponse | None:
    """Add a date to those of the rule; leaving it out removes it again."""
    form = AddDateForm(request.POST if "on" in request.POST else request.GET)
    action = partial(actions_times.add_date, access=access, event=event)
    return _act(request, event, form, action, _("This date is added."), add_date_form=form)


@event_action()
def move_event_date(request: HttpRequest, access: Access, event: Event, on: str) -> HttpResponse | None:
    """Move one date."""
    day, form = _parse_day(on), OccurrenceForm(request.POST)
    action = partial(actions_times.move_occurrence, access=access, event=event, on=day)
    return _act(request, event, form, action, _("This date is moved."), occurrence_form=form, moving=day)


@event_action()
def audiences(request: HttpRequest, access: Access, event: Event) -> HttpResponse | None:
    """Set when speakers, volunteers and camera crews come."""
    form = AudienceForm(request.POST)
    action = partial(plan.set_audience_times, access=access, event=event)
    return _act(request, event, form, action, _("Saved."), audience_form=form)


def _act(
    request: HttpRequest,
    event: Event,
    form: forms.Form,
    action: Callable[..., object],
    success: str,
    **more: object,
) -> HttpResponse | None:
    """Call the action with the form's values; return the event's page if it is invalid or refused."""
    if form.is_valid():
        try:
            action(**form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, success)
            return None
    return event_page_response(request, current_access(request), event, status=422, **more)


def _parse_day(words: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(words)
    except ValueError as error:
        raise Http404 from error
