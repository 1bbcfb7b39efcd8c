"""Press registration views in the member area: terms, list, answers, check-in, printable list."""

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page, pdf_response
from coalition.mail.qr_codes import draw_qr_code
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.enums import EventState, PressState
from events.core.formatting import moment_words
from events.core.journalists import PRESS, press_page_parts_of, summary_for_guest, why_registration_closed
from events.core.models import Event, PressGuest, PressRegistration
from events.core.pages import event_context
from events.core.permissions import event_title, get_own_event_or_404, may_change
from events.core.printed_codes import code_of, format_code
from events.core.public_pages import EventSubjectMixin
from events.core.queries import registration_of
from events.press.registration import actions as registration_actions
from events.press.registration.actions import (
    close_press_registration,
    confirm_press_address,
    open_to_press,
    request_press_place,
    withdraw_press_guest,
)
from events.press.registration.enums import UNPROVED
from events.press.registration.forms import (
    PressGuestFilterForm,
    PressRequestForm,
    PressTermsForm,
    initial_press_terms,
)
from events.press.registration.pdf import badges_pdf, guest_list_pdf
from events.press.registration.presenters import (
    SHAPES,
    came_words,
    count_words,
    guest_rows,
    press_closed_message,
)
from events.press.registration.queries import (
    confirmed_guests,
    press_guests,
    public_registration,
    state_counts,
)


def get_press_registration_or_404(
    request: HttpRequest, uuid: UUID
) -> tuple[Access, Event, PressRegistration | None]:
    """Return the event and its press registration, for people who may change the event: only they
    may read journalists' names."""
    access, event = get_own_event_or_404(request, uuid)
    words = _("Editors and coordinators see which journalists come.")
    require_that(may_change(access, event), words)
    return access, event, registration_of(event)


@member_required
@never_cache
@require_safe
def guests(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the guests with filters and counts; before registration is opened, offer to open it."""
    access, found, registration = get_press_registration_or_404(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _guest_list_response(request, access, found, registration, "events/press_guests/list.html")


@member_required
@never_cache
@require_safe
def check_in_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render check-in on a phone: search by name, outlet or code, check in with one button."""
    access, found, registration = get_press_registration_or_404(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _guest_list_response(request, access, found, registration, "events/press_guests/door.html")


@member_required
@never_cache
@require_safe
def print_check_in_list(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the printable list of confirmed guests, by outlet and name, with check boxes."""
    access, found, registration = get_press_registration_or_404(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    more = {"rows": guest_rows(found, confirmed_guests(registration))}
    return render(request, "events/press_guests/paper.html", _context(access, found, registration) | more)


def _guest_list_response(
    request: HttpRequest, access: Access, event: Event, registration: PressRegistration, template: str
) -> HttpResponse:
    form = PressGuestFilterForm(request.GET)
    form.is_valid()
    counts = state_counts(registration)
    context = _context(access, event, registration) | {
        "form": form,
        "wanted": form.wanted,
        "rows": guest_rows(event, press_guests(registration, form.wanted)),
        "counts": count_words(counts),
        "confirmed": counts[PressState.CONFIRMED.value],
        "here": counts["here"],
        "here_url": request.get_full_path(),
    }
    return render(request, template, context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def press_terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open or reopen registration, or change its terms."""
    access, found, registration = get_press_registration_or_404(request, event)
    initial = initial_press_terms(found, registration)
    form = PressTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            open_to_press(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Press registration is open."))
            return redirect("events:press_guests", found.uuid)
    context = _context(access, found, registration) | {"form": form}
    return form_page(request, "events/press_guests/terms.html", context)


@member_required
@require_POST
def close_registration(request: HttpRequest, event: UUID) -> HttpResponse:
    """Close registration."""
    access, found, _registration = get_press_registration_or_404(request, event)
    with flash_result(request, _("Press registration is closed. Who is registered stays.")):
        close_press_registration(access=access, event=found)
    return redirect("events:press_guests", found.uuid)


@member_required
@require_POST
def answer_press_request(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Set confirmed, waiting list or no place."""
    access, found, row = _get_guest_or_404(request, event, guest)
    given = request.POST.get("answer", "")
    if given in PressState.values:
        with flash_result(request, _("Answered. A mail says so.")):
            registration_actions.answer_press_guest(access=access, guest=row, answer=PressState(given))
    return redirect(_return_url(request, found))


@member_required
@require_POST
def mark_guest_here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Check a guest in; pressed again, display the time of arrival."""
    access, found, row = _get_guest_or_404(request, event, guest)
    with flash_result(request):
        noted, fresh = registration_actions.check_in(access=access, guest=row)
        told = {"name": noted.name, "outlet": noted.outlet, "when": came_words(found, noted)}
        if fresh:
            messages.success(request, _("%(name)s (%(outlet)s) is here.") % told)
        else:
            messages.warning(request, _("%(name)s (%(outlet)s) was noted before. %(when)s.") % told)
    return redirect(_return_url(request, found))


@member_required
@require_POST
def undo_guest_here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Undo a mistaken check-in."""
    access, found, row = _get_guest_or_404(request, event, guest)
    with flash_result(request, _("Taken back.")):
        registration_actions.undo_check_in(access=access, guest=row)
    return redirect(_return_url(request, found))


def _get_guest_or_404(request: HttpRequest, event: UUID, guest: UUID) -> tuple[Access, Event, PressGuest]:
    access, found, registration = get_press_registration_or_404(request, event)
    rows = PressGuest.objects.exclude(state=PressState.UNCONFIRMED).filter(registration=registration)
    row = get_object_or_404(rows, uuid=guest)
    if registration is not None:
        row.registration = registration
    return access, found, row


def _return_url(request: HttpRequest, event: Event) -> str:
    """Return the URL of the page with the button, with its filters."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("events:press_guests", args=[event.uuid])


def _context(access: Access, event: Event, registration: PressRegistration | None) -> dict[str, object]:
    why = why_registration_closed(registration) if registration is not None else ""
    return {
        **event_context(access, event),
        "registration": registration,
        "closed": press_closed_message(registration, why) if registration is not None else "",
        "closes": moment_words(event, registration.closing) if registration is not None else "",
        "may_change": event.state != EventState.CANCELLED,
    }


# --- pdf ---
# PDF views: guest list and badges.


@member_required
@never_cache
@require_safe
def guest_list(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the list of confirmed guests by outlet and name, with check boxes, in the reader's
    language."""
    found, guests = _confirmed(request, event)
    rows = guest_rows(found, guests)
    content = guest_list_pdf(title=event_title(found), event=found, rows=rows, language=get_language() or "")
    return pdf_response(content, "press-list.pdf")


@member_required
@never_cache
@require_safe
def badges(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the badges, eight per sheet, in the reader's language."""
    found, guests = _confirmed(request, event)
    content = badges_pdf(title=event_title(found), event=found, guests=guests, language=get_language() or "")
    return pdf_response(content, "press-badges.pdf")


def _confirmed(request: HttpRequest, event: UUID) -> tuple[Event, list[PressGuest]]:
    _access, found, registration = get_press_registration_or_404(request, event)
    if registration is None:
        raise Http404
    return found, confirmed_guests(registration)


# --- public ---
# Public press registration: the form, and the page by the link in the mail.


class PressRegistrationMixin(EventSubjectMixin):
    subject: PressRegistration

    def get_subject(self) -> PressRegistration:
        found = public_registration(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found


class PressRequestView(PressRegistrationMixin, ApplyView):
    """Registration form."""

    template_name = "events/press_guests/ask.html"
    form_class = PressRequestForm
    throttle = "press-registration"

    def closed_reason(self) -> str:
        return why_registration_closed(self.subject)

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"language": get_language()}}

    def apply(self, form: PressRequestForm) -> None:
        request_press_place(registration=self.subject, asking=form.asking)

    def success_url(self) -> str:
        return reverse("press_registration_sent", args=[self.subject.event.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "closed": press_closed_message(self.subject, context["closed"]),
            "closes": moment_words(self.subject.event, self.subject.closing),
        }


class PressRequestSentView(PressRegistrationMixin, SentView):
    template_name = "events/press_guests/sent.html"


class OwnPressRegistrationView(OwnPageView):
    """A journalist's own page: submit the request, read its state, display the code, withdraw."""

    flow = PRESS
    template_name = "events/press_guests/link.html"
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
            "closed": press_closed_message(registration, why),
            **press_page_parts_of(guest, token),
            "asks": state in UNPROVED,
            "proves": state == PressState.UNCONFIRMED,
            "state": state,
            "shape": SHAPES[state],
            "code": format_code(code) if has_code else "",
            "picture": f"data:image/png;base64,{base64.b64encode(draw_qr_code(code)).decode()}"
            if has_code
            else "",
        }
