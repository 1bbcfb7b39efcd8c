"""Press registration views: terms, list, answers, printable list, and the offline-capable check-in."""

import base64
import datetime
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, pdf_response
from coalition.mail.qr_codes import draw_qr_code
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.permissions import Access
from events.core.enums import EventState, PressState
from events.core.formatting import moment_words
from events.core.generic_views import EventTermsView, event_action, event_loader, event_page
from events.core.journalists import PRESS, press_page_parts_of, summary_for_guest, why_registration_closed
from events.core.models import Event, PressGuest, PressRegistration
from events.core.permissions import event_title, may_change
from events.core.printed_codes import code_of, format_code
from events.core.public_pages import EventSubjectMixin, event_context
from events.core.queries import registration_of
from events.press.registration import actions as registration_actions, presenters
from events.press.registration.actions import (
    close_press_registration,
    confirm_press_address,
    open_to_press,
    request_press_place,
    withdraw_press_guest,
)
from events.press.registration.check_in import Tick, record_ticks
from events.press.registration.forms import PressGuestFilterForm, PressRequestForm, PressTermsForm
from events.press.registration.models import check_in_topic
from events.press.registration.queries import (
    UNPROVED,
    confirmed_guests,
    press_guests,
    public_registration,
    state_counts,
)

ONLY_PLANNERS = gettext_lazy("Editors and coordinators see which journalists come.")
type GuestAction = Callable[[HttpRequest, Access, PressGuest], None]
load_planned_event = event_loader(may_change, ONLY_PLANNERS)  # only they may read journalists' names


def guest_list_page(template: str) -> MemberView:
    """Make a page of the guests with filters and counts; unopened, it redirects to the terms."""

    @event_page(load_planned_event)
    def page(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
        registration = registration_of(event)
        if registration is None:
            return redirect("events:press_terms", event.uuid)
        form = PressGuestFilterForm(request.GET)
        counts = state_counts(registration)
        context = _context(access, event, registration) | {
            "form": form,
            "rows": presenters.guest_rows(event, press_guests(registration, **form.wanted)),
            "counts": presenters.count_words(counts),
            "confirmed": counts[PressState.CONFIRMED.value],
            "here": counts["here"],
            "here_url": request.get_full_path(),
        }
        return render(request, template, context)

    return page


guests = guest_list_page("events/registration/list.html")
check_in_page = guest_list_page("events/registration/door.html")  # for phones: one button to check in


@event_page(load_planned_event)
def print_check_in_list(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Render the printable list of confirmed guests, by outlet and name, with check boxes."""
    registration = registration_of(event)
    if registration is None:
        return redirect("events:press_terms", event.uuid)
    more = {"rows": presenters.guest_rows(event, confirmed_guests(registration))}
    return render(request, "events/registration/paper.html", _context(access, event, registration) | more)


class PressTermsView(EventTermsView):
    """Open or reopen registration, or change its terms."""

    form_class = PressTermsForm
    template_name = "events/registration/terms.html"
    refusal = ONLY_PLANNERS
    success_name = "events:press_guests"
    success_message = gettext_lazy("Press registration is open.")
    terms_of = staticmethod(registration_of)
    terms_name = "registration"
    action = staticmethod(open_to_press)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _context(self.access, self.event, self.terms)


@event_action(
    "events:press_guests",
    success=gettext_lazy("Press registration is closed. Who is registered stays."),
)
def close_registration(_request: HttpRequest, access: Access, event: Event) -> None:
    """Close registration."""
    close_press_registration(access=access, event=event)


def guest_action(act: GuestAction) -> MemberView:
    """Make a view of one action on a guest, by POST, that returns to the page with the button."""

    @event_action(load=load_planned_event)
    @wraps(act)
    def view(request: HttpRequest, access: Access, event: Event, guest: UUID) -> HttpResponse:
        registration = registration_of(event)
        rows = PressGuest.objects.exclude(state=PressState.UNCONFIRMED).filter(registration=registration)
        row = get_object_or_404(rows, uuid=guest)
        if registration is not None:
            row.registration = registration
        with flash_result(request):
            act(request, access, row)
        back = request.POST.get("back", "")
        is_local = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return redirect(back if is_local else reverse("events:press_guests", args=[event.uuid]))

    return view


@guest_action
def answer_press_request(request: HttpRequest, access: Access, guest: PressGuest) -> None:
    """Set confirmed, waiting list or no place."""
    answer = request.POST.get("answer", "")
    if answer in PressState.values:
        registration_actions.answer_press_guest(access=access, guest=guest, answer=PressState(answer))
        messages.success(request, _("Answered. A mail says so."))


@guest_action
def mark_guest_here(request: HttpRequest, access: Access, guest: PressGuest) -> None:
    """Check a guest in; pressed again, display the time of arrival."""
    noted, fresh = registration_actions.check_in(access=access, guest=guest)
    when = presenters.came_words(guest.registration.event, noted)
    values = {"name": noted.name, "outlet": noted.outlet, "when": when}
    if fresh:
        messages.success(request, _("%(name)s (%(outlet)s) is here.") % values)
    else:
        messages.warning(request, _("%(name)s (%(outlet)s) was noted before. %(when)s.") % values)


@guest_action
def undo_guest_here(request: HttpRequest, access: Access, guest: PressGuest) -> None:
    """Undo a mistaken check-in."""
    registration_actions.undo_check_in(access=access, guest=guest)
    messages.success(request, _("Taken back."))


def _context(access: Access, event: Event, registration: PressRegistration | None) -> dict[str, object]:
    why = why_registration_closed(registration) if registration is not None else ""
    return {
        **event_context(access, event),
        "registration": registration,
        "closed": presenters.press_closed_message(registration, why) if registration is not None else "",
        "closes": moment_words(event, registration.closing) if registration is not None else "",
        "may_change": event.state != EventState.CANCELLED,
    }


@event_page(load_planned_event)
def guest_list(_request: HttpRequest, _access: Access, event: Event) -> HttpResponse:
    """Return the PDF list of confirmed guests, in the reader's language."""
    rows = presenters.guest_rows(event, _confirmed_or_404(event))
    language = get_language() or ""
    return pdf_response(
        presenters.guest_list_pdf(title=event_title(event), event=event, rows=rows, language=language),
        "press-list.pdf",
    )


@event_page(load_planned_event)
def badges(_request: HttpRequest, _access: Access, event: Event) -> HttpResponse:
    """Return the badges, eight per sheet, in the reader's language."""
    guests, language = _confirmed_or_404(event), get_language() or ""
    return pdf_response(
        presenters.badges_pdf(title=event_title(event), event=event, guests=guests, language=language),
        "press-badges.pdf",
    )


def _confirmed_or_404(event: Event) -> list[PressGuest]:
    registration = registration_of(event)
    if registration is None:
        raise Http404
    return confirmed_guests(registration)


class PressRegistrationMixin(EventSubjectMixin):
    subject: PressRegistration

    def get_subject(self) -> PressRegistration:
        found = public_registration(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found


class PressRequestView(PressRegistrationMixin, ApplyView):
    """Registration form."""

    template_name = "events/registration/ask.html"
    form_class = PressRequestForm
    throttle = "press-registration"

    def closed_reason(self) -> str:
        return why_registration_closed(self.subject)

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"language": get_language()}}

    def apply(self, form: PressRequestForm) -> None:
        request_press_place(registration=self.subject, **form.cleaned_data)

    def success_url(self) -> str:
        return reverse("press_registration_sent", args=[self.subject.event.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "closed": presenters.press_closed_message(self.subject, context["closed"]),
            "closes": moment_words(self.subject.event, self.subject.closing),
        }


class PressRequestSentView(PressRegistrationMixin, SentView):
    template_name = "events/registration/sent.html"


class OwnPressRegistrationView(OwnPageView):
    """A journalist's own page: submit the request, read its state, display the code, withdraw."""

    flow = PRESS
    template_name = "events/registration/link.html"
    actions = {"confirm": "confirm", "withdraw": "withdraw"}
    applicant: PressGuest

    def confirm(self) -> None:
        confirm_press_address(guest=self.applicant)

    def withdraw(self) -> HttpResponse | None:
        return None if withdraw_press_guest(guest=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        guest, registration = self.applicant, self.applicant.registration
        is_public, token = registration.event.is_public, self.kwargs["token"]
        state, why = PressState(guest.state), why_registration_closed(registration)
        has_code = state == PressState.CONFIRMED and is_public and why != "cancelled"
        code = code_of(guest.uuid)
        return super().get_context_data(**context) | {
            "guest": guest,
            "event": summary_for_guest(guest) if is_public else None,
            "cancelled": why == "cancelled",
            "over": why == "over",
            "closed": presenters.press_closed_message(registration, why),
            **press_page_parts_of(guest, token),
            "asks": state in UNPROVED,
            "proves": state == PressState.UNCONFIRMED,
            "state": state,
            "shape": presenters.SHAPES[state],
            "code": format_code(code) if has_code else "",
            "picture": f"data:image/png;base64,{base64.b64encode(draw_qr_code(code)).decode()}"
            if has_code
            else "",
        }


PHONE_HEADER = "X-Door-Phone"


class UnreadableRequest(Refused):
    """The page sent something malformed."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This page sent something that cannot be read. Load it anew."))


def parse_phone(request: HttpRequest) -> UUID:
    """Return the phone's random UUID. Raises Refused."""
    phone = parse_uuid(request.headers.get(PHONE_HEADER, ""))
    if phone is None:
        raise UnreadableRequest
    return phone


def parse_since(words: str) -> int:
    """Parse the sequence number up to which the phone is current; 0: it has nothing."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def parse_ticks(body: bytes, moment: datetime.datetime) -> list[Tick]:
    """Parse the ticks of a request received at `moment`. Raises Refused if malformed.

    The phone's clock may be wrong: the time since each tick counts, by the phone's time of sending.
    """
    try:
        sent: dict[str, Any] = json.loads(body)
        clock = float(sent["clock"])
        return [
            Tick(
                mark=UUID(one["mark"]),
                guest=str(one.get("guest", "")),
                at=moment - datetime.timedelta(milliseconds=clock - float(one["at"])),
                takes_back=UUID(one["takes_back"]) if one.get("takes_back") else None,
            )
            for one in sent["ticks"]
        ]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableRequest from error


@member_required
@require_safe
def check_in_phone_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the page that the phone caches: the same for all users, without any guest."""
    _access, found = load_planned_event(request, event)
    if registration_of(found) is None:
        return redirect("events:press_terms", found.uuid)
    context = {
        "event": found,
        "title": event_title(found) if found.is_public else "",
        "topic": check_in_topic(found.uuid),
        "words": presenters.phone_messages(),
    }
    answer = render(request, "events/check_in/phone.html", context)
    answer["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return answer


@require_safe
def check_in_service_worker(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the service worker script that opens the page offline. It contains no guest and needs
    no session, because browsers check for updates at any time."""
    return render(request, "events/check_in/phone_worker.js", {"uuid": event}, content_type="text/javascript")


@event_page(load_planned_event)
def check_in_changes(request: HttpRequest, _access: Access, event: Event) -> HttpResponse:
    """Return the phone's missing data and a CSRF token: the page may be older than the session."""
    registration = registration_of(event)
    try:
        phone = parse_phone(request)
    except Refused as refusal:
        return _refusal_response(refusal)
    if registration is None:
        return JsonResponse({"why": _("This event does not take the press.")}, status=410)
    if why := _closed_message(registration):
        return JsonResponse({"why": why, "token": get_token(request)}, status=410)
    since = parse_since(request.GET.get("since", ""))
    return JsonResponse(presenters.phone_list(registration, phone, since) | {"token": get_token(request)})


@member_required
@require_POST
def submit_ticks(request: HttpRequest, event: UUID) -> HttpResponse:
    """Accept many ticks at once; return one result per tick, and the phone's missing data."""
    access, found = load_planned_event(request, event)
    try:
        phone = parse_phone(request)
        ticks = parse_ticks(request.body, now())
        results = record_ticks(access=access, event=found, phone=phone, ticks=ticks)
    except Refused as refusal:
        return _refusal_response(refusal)
    answers = {"answers": presenters.tick_answers(ticks, results)}
    registration = registration_of(found)
    if registration is None or _closed_message(registration):
        return JsonResponse(answers)
    since = parse_since(request.GET.get("since", ""))
    return JsonResponse(answers | presenters.phone_list(registration, phone, since))


def _closed_message(registration: PressRegistration) -> str:
    if registration.event.cancelled_at is not None:
        return _("The event is cancelled.")
    return _("The event is over.") if presenters.forgotten_at(registration.event) < now() else ""


def _refusal_response(refusal: Refused) -> JsonResponse:
    return JsonResponse({"why": str(refusal.message)}, status=422)
