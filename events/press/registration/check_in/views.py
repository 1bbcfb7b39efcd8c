"""Offline-capable check-in page of a press conference, and its endpoints."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from events.core.models import PressRegistration
from events.core.permissions import event_title
from events.core.queries import registration_of
from events.press.registration.check_in.actions import record_ticks
from events.press.registration.check_in.forms import parse_phone, parse_since, parse_ticks
from events.press.registration.check_in.messages import phone_messages
from events.press.registration.check_in.presenters import forgotten_at, phone_list, verdict_data
from events.press.registration.check_in.topics import check_in_topic
from events.press.registration.views import get_press_registration_or_404

PHONE_HEADER = "X-Door-Phone"


@member_required
@require_safe
def check_in_phone_page(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the page that the phone caches. It is the same for all users of this check-in and
    contains no guest."""
    _access, found, registration = get_press_registration_or_404(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    context = {
        "event": found,
        "title": event_title(found) if found.is_public else "",
        "topic": check_in_topic(found.uuid),
        "words": phone_messages(),
    }
    answer = render(request, "events/press_guests/phone.html", context)
    answer["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return answer


@require_safe
def check_in_service_worker(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the service worker script that opens the page offline. It contains no guest and needs
    no session, because browsers check for updates at any time."""
    return render(
        request, "events/press_guests/phone_worker.js", {"uuid": event}, content_type="text/javascript"
    )


@member_required
@never_cache
@require_safe
def check_in_changes(request: HttpRequest, event: UUID) -> HttpResponse:
    """Return the phone's missing data and a CSRF token, because the page may be older than the
    session."""
    _access, _found, registration = get_press_registration_or_404(request, event)
    try:
        phone = parse_phone(request.headers.get(PHONE_HEADER, ""))
    except Refused as refusal:
        return _refusal_response(refusal)
    if registration is None:
        return JsonResponse({"why": _("This event does not take the press.")}, status=410)
    if why := _closed_message(registration):
        return JsonResponse({"why": why, "token": get_token(request)}, status=410)
    since = parse_since(request.GET.get("since", ""))
    return JsonResponse(phone_list(registration, phone, since) | {"token": get_token(request)})


@member_required
@require_POST
def submit_ticks(request: HttpRequest, event: UUID) -> HttpResponse:
    """Accept many ticks at once; return one result per tick, and the phone's missing data."""
    access, found, registration = get_press_registration_or_404(request, event)
    try:
        phone = parse_phone(request.headers.get(PHONE_HEADER, ""))
        ticks = parse_ticks(request.body, now())
        told = record_ticks(access=access, event=found, phone=phone, ticks=ticks)
    except Refused as refusal:
        return _refusal_response(refusal)
    answers = {"answers": verdict_data(told)}
    registration = registration_of(found)
    if registration is None or _closed_message(registration):
        return JsonResponse(answers)
    since = parse_since(request.GET.get("since", ""))
    return JsonResponse(answers | phone_list(registration, phone, since))


def _closed_message(registration: PressRegistration) -> str:
    if registration.event.cancelled_at is not None:
        return _("The event is cancelled.")
    return _("The event is over.") if forgotten_at(registration.event) < now() else ""


def _refusal_response(refusal: Refused) -> JsonResponse:
    return JsonResponse({"why": str(refusal.message)}, status=422)
