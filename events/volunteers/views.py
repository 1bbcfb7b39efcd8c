"""Shifts for organisers, and sign-up by link."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext, override
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_person
from coalition.applicants.views import ApplyView, OwnPageView, SentView, SubjectView, private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import pdf_response
from coalition.mail.outbox import absolute_url
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.permissions import Access
from documents import hooks
from events.core import generic_views
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.permissions import event_title, is_admitted, is_open_to_guests, may_change
from events.core.public_pages import language_switch, planning_context
from events.core.summary import summary_in
from events.volunteers import presenters, queries
from events.volunteers.actions import shifts, sign_up
from events.volunteers.actions.sign_up import (
    NOT_OFFERED,
    confirm_volunteer_address,
    delete_unproved_volunteer,
    end_shift_link,
    make_shift_link,
    offer_shift,
    record_link_use,
    request_sign_up,
    shift_link_token,
    shifts_closed_reason,
    sign_up_member,
    take_over_shift,
    take_shift,
    withdraw_from_shift,
)
from events.volunteers.forms import (
    FromHoursForm,
    MemberSignUpForm,
    ShiftForm,
    ShiftLinkForm,
    ShiftPlanForm,
    SignUpForm,
)
from events.volunteers.models import Shift, ShiftAssignment, ShiftLink, ShiftPlan, Volunteer, VolunteerState
from events.volunteers.notifications import VOLUNTEERS

# The assignments are for members who prepare the event.
get_shifts_event_or_404 = generic_views.event_loader(
    lambda access, event: access.may(Right.SEE_DRAFTS) and is_admitted(access, event),
    gettext_lazy("People who prepare the event read who has which shift."),
)
get_shift_planning_or_404 = generic_views.event_loader(may_change, shifts.ONLY_PLANNERS)


@generic_views.event_page(get_shifts_event_or_404)
def shift_plan_page(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Display a week of the plan, `?on=2026-03-09`."""
    context = planning_context(access, event) | {
        "week": presenters.week_of_shifts(event, generic_views.parse_day(request.GET.get("on", ""))),
        "numbers": queries.shift_numbers(event, now() + presenters.SOON),
        "around": queries.shift_plan_of(event),
        "has_run": event.run_from is not None,
        "here_url": request.get_full_path(),
    }
    return render(request, "events/volunteers/plan.html", context)


@generic_views.event_page(get_shifts_event_or_404)
def download_shift_plan(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Return the plan as PDF in the reader's language, from today on; for a past event all of it.
    Phone numbers only for people who may change the event."""
    every = queries.days_of_shifts(event)
    if not every:
        raise Http404
    coming = [day for day in every if day >= event.today] or every
    changes = may_change(access, event)
    plan = queries.shift_plan_of(event) if changes else None
    content = presenters.shift_plan_pdf(
        title=event_title(event),
        event=event,
        days=presenters.days_between(event, coming[0], coming[-1]),
        caller=" ".join(filter(None, [plan.caller_name, plan.caller_phone])) if plan else "",
        language=get_language() or "",
        with_phones=changes,
    )
    return pdf_response(content, "shift-plan.pdf")


class ShiftPlanningView(generic_views.EventFormView):
    """A form for people who plan the shifts."""

    refusal = shifts.ONLY_PLANNERS
    success_name = "events:shifts"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | planning_context(self.access, self.event)


class ShiftFormView(ShiftPlanningView):
    """Add or change a shift; its volunteers are notified of another time, place or task."""

    form_class = ShiftForm
    template_name = "events/volunteers/shift.html"
    success_message = gettext_lazy("Saved.")

    def get_instance(self) -> Shift | None:
        if "shift" not in self.kwargs:
            return None
        return get_object_or_404(self.event.shifts, uuid=self.kwargs["shift"], removed_at=None)

    def get_initial(self) -> dict[str, Any]:
        return {} if "shift" in self.kwargs else {"on": shifts.anchor_of(self.event)}

    def save(self, form: ShiftForm) -> HttpResponse:
        given = {"access": self.access, "event": self.event, **form.cleaned_data}
        if "shift" in self.kwargs:
            return redirect(shifts.change_shift(uuid=self.kwargs["shift"], **given))
        self.success_message = gettext_lazy("The shift is in the plan.")
        return redirect(shifts.add_shift(**given))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"shift": self.kwargs.get("shift")}


@generic_views.event_action("events:shifts", load=get_shift_planning_or_404)
def remove_shift(request: HttpRequest, access: Access, event: Event, shift: UUID) -> HttpResponse:
    """Archive a shift, with an undo."""
    row = get_object_or_404(event.shifts, uuid=shift)
    shifts.remove_shift(access=access, event=event, uuid=shift)
    restore = reverse("events:shift_restore", args=[event.uuid, shift])
    visits.offer_undo(request, text=_("The shift is taken out; who had it is told."), url=restore)
    return redirect(f"{reverse('events:shifts', args=[event.uuid])}?on={row.on}")


@generic_views.event_action(
    "events:shifts", load=get_shift_planning_or_404, success=gettext_lazy("The shift is back.")
)
def restore_shift(request: HttpRequest, access: Access, event: Event, shift: UUID) -> HttpResponse:
    """Restore a shift."""
    row = get_object_or_404(event.shifts, uuid=shift)
    shifts.restore_shift(access=access, event=event, uuid=shift)
    return redirect(row)


class FromHoursView(ShiftPlanningView):
    """Generate shifts from the opening hours: first a preview, then creation (`make`)."""

    form_class = FromHoursForm
    template_name = "events/volunteers/from_hours.html"

    def get_initial(self) -> dict[str, Any]:
        first = max(self.event.today, shifts.anchor_of(self.event))
        return {"first": first, "last": self.event.run_until or self.event.ends_on}

    def save(self, form: FromHoursForm) -> HttpResponse:
        pattern = form.cleaned_data
        if "make" not in self.request.POST:
            preview = presenters.build_shift_preview(
                self.event, shifts.shifts_from_hours(self.event, **pattern)
            )
            return self.render_to_response(self.get_context_data(form=form, preview=preview))
        made = shifts.create_shifts_from_hours(access=self.access, event=self.event, **pattern)
        words = ngettext("%(count)d shift is made.", "%(count)d shifts are made.", len(made))
        messages.success(self.request, words % {"count": len(made)})
        return redirect(made[0])


class ShiftPlanFormView(ShiftPlanningView):
    """Set safety brief, contact, and whether age is asked."""

    form_class = ShiftPlanForm
    template_name = "events/volunteers/around.html"
    success_message = gettext_lazy("Saved.")

    def get_instance(self) -> ShiftPlan | None:
        return queries.shift_plan_of(self.event)

    def save(self, form: ShiftPlanForm) -> None:
        shifts.set_shift_plan(access=self.access, event=self.event, **form.cleaned_data)


@generic_views.event_action("events:shifts", load=get_shift_planning_or_404)
def mark_attendance(request: HttpRequest, access: Access, event: Event, assignment: UUID) -> HttpResponse:
    """Record attendance, absence, or unknown."""
    row = _get_assignment_or_404(event, assignment)
    came = {"yes": True, "no": False}.get(request.POST.get("came", ""))
    sign_up.set_attendance(access=access, assignment=row, came=came)
    return redirect(row.shift)


@generic_views.event_action(
    "events:shifts",
    load=get_shift_planning_or_404,
    success=gettext_lazy("Taken off the shift. A mail says so."),
)
def remove_from_shift(request: HttpRequest, access: Access, event: Event, assignment: UUID) -> HttpResponse:
    """Remove a volunteer from a shift."""
    row = _get_assignment_or_404(event, assignment)
    sign_up.remove_from_shift(access=access, assignment=row)
    return redirect(row.shift)


def _get_assignment_or_404(event: Event, assignment: UUID) -> ShiftAssignment:
    rows = ShiftAssignment.objects.select_related("shift", "volunteer__event")
    rows = rows.filter(shift__event=event, volunteer__state=VolunteerState.PROVED)
    row = get_object_or_404(rows, uuid=assignment)
    row.shift.event = event
    return row


class ShiftLinksView(ShiftPlanningView):
    """List all links with their uses, and a form for another one."""

    form_class = ShiftLinkForm
    template_name = "events/volunteers/links.html"
    success_name = "events:shift_links"
    success_message = gettext_lazy("The link is made. Copy it and pass it on.")

    def get_initial(self) -> dict[str, Any]:
        """Return the event's last day, or a month from now for an event without an end."""
        last = self.event.lasts_until or now() + datetime.timedelta(days=30)
        return {"until": max(self.event.today, last.astimezone(self.event.zone_info).date())}

    def save(self, form: ShiftLinkForm) -> None:
        name, last = form.cleaned_data["name"], form.cleaned_data["until"]
        until = datetime.datetime.combine(last, datetime.time(23, 59), tzinfo=self.event.zone_info)
        make_shift_link(access=self.access, event=self.event, until=until, name=name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rows": [self.link_row(link) for link in queries.shift_links(self.event)],
            "around": queries.shift_plan_of(self.event),
            "for_guests": is_open_to_guests(self.event),
        }

    def link_row(self, link: ShiftLink) -> dict[str, Any]:
        """Return a link with its `address`, the full URL to share, "" if it is not valid."""
        ended = link.revoked_at is not None or link.until <= now()
        last: datetime.datetime | None = getattr(link, "last_use", None)
        return {
            "link": link,
            "address": "" if ended else absolute_url(reverse("shift_sign_up", args=[shift_link_token(link)])),
            "until": moment_words(self.event, link.until),
            "ended": ended,
            "last": moment_words(self.event, last) if last is not None else "",
        }


@generic_views.event_action(
    "events:shift_links",
    load=get_shift_planning_or_404,
    success=gettext_lazy("The link opens no more. Who signed up by it stays."),
)
def end_sign_up_link(request: HttpRequest, access: Access, event: Event, link: UUID) -> None:
    """Revoke a link."""
    end_shift_link(access=access, link=get_object_or_404(ShiftLink, event=event, uuid=link))


def refuse_unknown_shifts(request: HttpRequest, event: Event) -> None:
    """Raise Http404 for a shift of another event, as for an unknown one."""
    chosen = {generic_views.parse_uuid_or_404(one) for one in request.POST.getlist("shifts")}
    if chosen and queries.known_shifts(event, chosen).keys() != chosen:
        raise Http404


class ShiftLinkMixin(SubjectView):
    """Frame of the pages behind a sign-up link: the subject is the link."""

    subject: ShiftLink

    def get_subject(self) -> ShiftLink:
        found = queries.shift_link_of_token(self.kwargs["token"])
        if found is None or shifts_closed_reason(found.event) == "marks":
            raise Http404
        return found

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return private_response(super().dispatch(*args, **kwargs))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        token = self.kwargs["token"]
        return {
            **hooks.site_frame_context(self.request),
            "languages": language_switch(self.request),
            "event": summary_in(self.subject.event, get_language() or ""),
            "token": token,
            "robots": "noindex",
            **super().get_context_data(**context),
        }


class SignUpView(ShiftLinkMixin, ApplyView):
    """The event, its free shifts, and the form."""

    template_name = "events/volunteers/sign_up.html"
    form_class = SignUpForm
    throttle = "shifts"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        event = self.subject.event
        self.shifts, self.plan = queries.open_shifts(event), queries.shift_plan_of(event)
        refuse_unknown_shifts(request, event)

    def closed_reason(self) -> str:
        return shifts_closed_reason(self.subject.event)

    def get_form(self, data: QueryDict | None = None) -> forms.BaseForm | None:
        return super().get_form(data) if data is not None or self.shifts else None

    def form_kwargs(self) -> dict[str, Any]:
        initial = {"language": get_language()}
        return {"shifts": self.shifts, "plan": self.plan, "initial": initial}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET":
            record_link_use(self.subject)
        return super().get(request, *args, **kwargs)

    def apply(self, form: SignUpForm) -> None:
        request_sign_up(link=self.subject, **form.cleaned_data)

    def success_url(self) -> str:
        return reverse("shift_sign_up_sent", args=[self.kwargs["token"]])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        brief = self.plan.brief if self.plan is not None else ""
        return super().get_context_data(**context) | {"has_free": bool(self.shifts), "brief": brief}


class SignUpSentView(ShiftLinkMixin, SentView):
    template_name = "events/volunteers/sent.html"


class MemberSignUpView(generic_views.EventFormView):
    """Sign up with an account; redirect to the own page if that was done before."""

    form_class = MemberSignUpForm
    template_name = "events/volunteers/join.html"
    allowed = staticmethod(is_admitted)

    def load(self) -> None:
        super().load()
        refuse_unknown_shifts(self.request, self.event)
        self.shifts, self.plan = queries.open_shifts(self.event), queries.shift_plan_of(self.event)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = queries.volunteer_of_user(self.event, get_person(request))
        if known is not None and known.is_proved:
            return redirect(VOLUNTEERS.path(known))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"shifts": self.shifts, "plan": self.plan}

    def save(self, form: MemberSignUpForm) -> HttpResponse:
        volunteer = sign_up_member(access=self.access, event=self.event, **form.cleaned_data)
        return redirect(VOLUNTEERS.path(volunteer))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        brief = self.plan.brief if self.plan is not None else ""
        return super().get_context_data(**kwargs) | {"has_free": bool(self.shifts), "brief": brief}


class OwnShiftsView(OwnPageView):
    """Own shifts, free shifts and offers; before verification the request to confirm the address."""

    flow = VOLUNTEERS
    template_name = "events/volunteers/own.html"
    actions = {name: name for name in ("confirm", "delete", "take", "withdraw", "offer", "keep", "take_over")}
    applicant: Volunteer

    def confirm(self) -> None:
        for refusal in confirm_volunteer_address(volunteer=self.applicant):
            messages.warning(self.request, refusal)

    def delete(self) -> HttpResponse:
        delete_unproved_volunteer(volunteer=self.applicant)
        return self.deleted_page()

    def take(self) -> None:
        take_shift(volunteer=self.applicant, shift=self.get_shift())

    def withdraw(self) -> None:
        withdraw_from_shift(volunteer=self.applicant, shift=self.get_shift())

    def offer(self) -> None:
        offer_shift(volunteer=self.applicant, shift=self.get_shift())

    def keep(self) -> None:
        offer_shift(volunteer=self.applicant, shift=self.get_shift(), offered=False)

    def take_over(self) -> None:
        target = self.get_target()
        if target not in {one.uuid for one in queries.offered_to(self.applicant)}:
            raise Refused(NOT_OFFERED)
        take_over_shift(volunteer=self.applicant, assignment=target)

    def get_target(self) -> UUID:
        """Return the UUID of the pressed button. Raises Http404 before the address is verified."""
        if not self.applicant.is_proved:
            raise Http404
        return generic_views.parse_uuid_or_404(self.request.POST.get("shift", ""))

    def get_shift(self) -> UUID:
        """Return the UUID of a shift of the event. Raises Http404."""
        target = self.get_target()
        if target not in queries.known_shifts(self.applicant.event, [target]):
            raise Http404
        return target

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        volunteer, event = self.applicant, self.applicant.event
        return super().get_context_data(**context) | {
            "event": summary_in(event, volunteer.language),
            "page": presenters.build_own_shifts_page(volunteer),
            "cancelled": shifts_closed_reason(event) == "cancelled",
            "plan": queries.shift_plan_of(event),
            "token": self.kwargs["token"],
        }


@require_safe
def download_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Return the certificate. Raises Http404 before any attendance is confirmed."""
    volunteer = VOLUNTEERS.find(token)
    worked = [one for one in queries.assignments_of(volunteer) if one.came] if volunteer is not None else []
    if volunteer is None or not worked:
        raise Http404
    with override(volunteer.language):
        content = presenters.certificate_pdf(volunteer=volunteer, assignments=worked)
    return private_response(pdf_response(content, "certificate.pdf"), language=volunteer.language)
