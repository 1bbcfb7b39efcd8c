"""Press registration at the desk: its terms, who asked, answers by hand, the door, the list on paper."""

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
from events.core.enums import EventState
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.pages import event_context
from events.core.permissions import may_change, title_of, to_own_event
from events.core.printed_codes import code_of, shown
from events.core.public_pages import AboutEvent
from events.press.kit.queries import kit_of
from events.press.registration import actions as registration_actions
from events.press.registration.actions import (
    ask_to_come,
    open_to_press,
    prove_address,
    stop,
    why_closed,
    withdraw_press,
)
from events.press.registration.enums import UNPROVED, PressState
from events.press.registration.forms import AskForm, TermsForm, WantedForm, initial_terms
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import PRESS, told_of
from events.press.registration.pdf import badges_pdf, guest_list_pdf
from events.press.registration.presenters import (
    SHAPES,
    came_words,
    closed_words,
    count_words,
    guest_rows,
    own_page_parts,
)
from events.press.registration.queries import (
    confirmed_guests,
    press_guests,
    public_registration,
    registration_of,
    state_counts,
)


def to_press(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, PressRegistration | None]:
    """The event and how it takes the press, for who may change the event: names of journalists are theirs."""
    access, event = to_own_event(request, uuid)
    words = _("Editors and coordinators see which journalists come.")
    require_that(may_change(access, event), words)
    return access, event, registration_of(event)


@member_required
@never_cache
@require_safe
def guests(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who asked, with filters and counts; before it is opened, how to open it."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _list(request, access, found, registration, "events/press_guests/list.html")


@member_required
@never_cache
@require_safe
def at_the_door(request: HttpRequest, event: UUID) -> HttpResponse:
    """For a phone: find by name, outlet or code; one press says who is here."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    return _list(request, access, found, registration, "events/press_guests/door.html")


@member_required
@never_cache
@require_safe
def paper(request: HttpRequest, event: UUID) -> HttpResponse:
    """The confirmed, by outlet and name, to print and tick off."""
    access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    more = {"rows": guest_rows(found, confirmed_guests(registration))}
    return render(request, "events/press_guests/paper.html", _context(access, found, registration) | more)


def _list(
    request: HttpRequest, access: Access, event: Event, registration: PressRegistration, template: str
) -> HttpResponse:
    form = WantedForm(request.GET)
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
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open it, open it again, change its numbers."""
    access, found, registration = to_press(request, event)
    initial = initial_terms(found, registration)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=initial)
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
def close(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take no more."""
    access, found, _registration = to_press(request, event)
    with flash_result(request, _("Press registration is closed. Who is registered stays.")):
        stop(access=access, event=found)
    return redirect("events:press_guests", found.uuid)


@member_required
@require_POST
def answer(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Confirmed, waiting list or no place, by hand."""
    access, found, row = _to_guest(request, event, guest)
    given = request.POST.get("answer", "")
    if given in PressState.values:
        with flash_result(request, _("Answered. A mail says so.")):
            registration_actions.answer_by_hand(access=access, guest=row, answer=PressState(given))
    return redirect(_back(request, found))


@member_required
@require_POST
def here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """Somebody is here. Pressed again, it says since when."""
    access, found, row = _to_guest(request, event, guest)
    with flash_result(request):
        noted, fresh = registration_actions.check_in(access=access, guest=row)
        told = {"name": noted.name, "outlet": noted.outlet, "when": came_words(found, noted)}
        if fresh:
            messages.success(request, _("%(name)s (%(outlet)s) is here.") % told)
        else:
            messages.warning(request, _("%(name)s (%(outlet)s) was noted before. %(when)s.") % told)
    return redirect(_back(request, found))


@member_required
@require_POST
def not_here(request: HttpRequest, event: UUID, guest: UUID) -> HttpResponse:
    """It was somebody else."""
    access, found, row = _to_guest(request, event, guest)
    with flash_result(request, _("Taken back.")):
        registration_actions.undo_check_in(access=access, guest=row)
    return redirect(_back(request, found))


def _to_guest(request: HttpRequest, event: UUID, guest: UUID) -> tuple[Access, Event, PressGuest]:
    access, found, registration = to_press(request, event)
    rows = PressGuest.objects.exclude(state=PressState.UNCONFIRMED).filter(registration=registration)
    row = get_object_or_404(rows, uuid=guest)
    if registration is not None:
        row.registration = registration
    return access, found, row


def _back(request: HttpRequest, event: Event) -> str:
    """Where the button stood, with its filters."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("events:press_guests", args=[event.uuid])


def _context(access: Access, event: Event, registration: PressRegistration | None) -> dict[str, object]:
    why = why_closed(registration) if registration is not None else ""
    return {
        **event_context(access, event),
        "registration": registration,
        "closed": closed_words(registration, why) if registration is not None else "",
        "closes": moment_words(event, registration.closing) if registration is not None else "",
        "may_change": event.state != EventState.CANCELLED,
    }


# --- pdf ---
# Journalists on paper as PDF: the list to tick off, and badges.


@member_required
@never_cache
@require_safe
def guest_list(request: HttpRequest, event: UUID) -> HttpResponse:
    """The confirmed by outlet and name, with boxes, in the reader's language."""
    found, guests = _confirmed(request, event)
    rows = guest_rows(found, guests)
    content = guest_list_pdf(title=title_of(found), event=found, rows=rows, language=get_language() or "")
    return pdf_response(content, "press-list.pdf")


@member_required
@never_cache
@require_safe
def badges(request: HttpRequest, event: UUID) -> HttpResponse:
    """Eight on a sheet, in the reader's language."""
    found, guests = _confirmed(request, event)
    content = badges_pdf(title=title_of(found), event=found, guests=guests, language=get_language() or "")
    return pdf_response(content, "press-badges.pdf")


def _confirmed(request: HttpRequest, event: UUID) -> tuple[Event, list[PressGuest]]:
    _access, found, registration = to_press(request, event)
    if registration is None:
        raise Http404
    return found, confirmed_guests(registration)


# --- public ---
# Press registration in public: the form, and the page behind the link in the mail.


class AboutRegistration(AboutEvent):
    subject: PressRegistration

    def get_subject(self) -> PressRegistration:
        found = public_registration(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found


class AskToCome(AboutRegistration, ApplyView):
    """The form."""

    template_name = "events/press_guests/ask.html"
    form_class = AskForm
    throttle = "press-registration"

    def closed_reason(self) -> str:
        return why_closed(self.subject)

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"language": get_language()}}

    def apply(self, form: AskForm) -> None:
        ask_to_come(registration=self.subject, asking=form.asking)

    def success_url(self) -> str:
        return reverse("press_registration_sent", args=[self.subject.event.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {
            "closed": closed_words(self.subject, context["closed"]),
            "closes": moment_words(self.subject.event, self.subject.closing),
        }


class RegistrationSent(AboutRegistration, SentView):
    template_name = "events/press_guests/sent.html"


class OwnRegistration(OwnPageView):
    """One journalist's page: they ask, read where they stand, show their code, withdraw."""

    flow = PRESS
    template_name = "events/press_guests/link.html"
    actions = {"confirm": "confirm", "withdraw": "withdraw"}
    applicant: PressGuest

    def confirm(self) -> None:
        prove_address(guest=self.applicant)

    def withdraw(self) -> HttpResponse | None:
        return None if withdraw_press(guest=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        guest, registration = self.applicant, self.applicant.registration
        is_public, token = registration.event.is_public, self.kwargs["token"]
        state, why = PressState(guest.state), why_closed(registration)
        has_code = state == PressState.CONFIRMED and is_public and why != "cancelled"
        code = code_of(guest.uuid)
        return super().get_context_data(**context) | {
            "guest": guest,
            "event": told_of(guest) if is_public else None,
            "cancelled": why == "cancelled",
            "over": why == "over",
            "closed": closed_words(registration, why),
            **{key: part(guest, token) for key, part in own_page_parts.items()},
            "asks": state in UNPROVED,
            "proves": state == PressState.UNCONFIRMED,
            "state": state,
            "shape": SHAPES[state],
            "kit_url": _kit_url(guest, token),
            "code": shown(code) if has_code else "",
            "picture": f"data:image/png;base64,{base64.b64encode(draw_qr_code(code)).decode()}"
            if has_code
            else "",
        }


def _kit_url(guest: PressGuest, token: str) -> str:
    """Their page of the kit, if there is one for them."""
    event = guest.registration.event
    if guest.state != PressState.CONFIRMED or not event.is_public or kit_of(event) is None:
        return ""
    return reverse("press_kit", args=[token])
