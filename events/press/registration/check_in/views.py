"""The door of a press conference on a phone that may lose its connection: the page, and what it asks for."""

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
from events.core.permissions import title_of
from events.press.registration.check_in.actions import take_ticks
from events.press.registration.check_in.forms import phone_of, since_of, ticks_of
from events.press.registration.check_in.messages import phone_words
from events.press.registration.check_in.presenters import forgotten_at, phone_list, verdicts
from events.press.registration.check_in.topics import topic_of
from events.press.registration.models import PressRegistration
from events.press.registration.queries import registration_of
from events.press.registration.views import to_press

PHONE = "X-Door-Phone"


@member_required
@require_safe
def page(request: HttpRequest, event: UUID) -> HttpResponse:
    """The page that the phone keeps. It is the same for everybody at this door and tells of nobody."""
    _access, found, registration = to_press(request, event)
    if registration is None:
        return redirect("events:press_terms", found.uuid)
    context = {
        "event": found,
        "title": title_of(found) if found.is_public else "",
        "topic": topic_of(found.uuid),
        "words": phone_words(),
    }
    answer = render(request, "events/press_guests/phone.html", context)
    answer["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return answer


@require_safe
def worker(request: HttpRequest, event: UUID) -> HttpResponse:
    """The script that opens the page without a connection. It knows nobody and asks for no session: a
    browser looks for a newer one whenever it likes."""
    return render(
        request, "events/press_guests/phone_worker.js", {"uuid": event}, content_type="text/javascript"
    )


@member_required
@never_cache
@require_safe
def changes(request: HttpRequest, event: UUID) -> HttpResponse:
    """What the phone lacks, and a token by which it may send: its page may be older than its session."""
    _access, _found, registration = to_press(request, event)
    try:
        phone = phone_of(request.headers.get(PHONE, ""))
    except Refused as refusal:
        return _refused(refusal)
    if registration is None:
        return JsonResponse({"why": _("This event does not take the press.")}, status=410)
    if why := _why_over(registration):
        return JsonResponse({"why": why, "token": get_token(request)}, status=410)
    since = since_of(request.GET.get("since", ""))
    return JsonResponse(phone_list(registration, phone, since) | {"token": get_token(request)})


@member_required
@require_POST
def send(request: HttpRequest, event: UUID) -> HttpResponse:
    """Many ticks at once; answered one by one, with what the phone lacks."""
    access, found, registration = to_press(request, event)
    try:
        phone = phone_of(request.headers.get(PHONE, ""))
        ticks = ticks_of(request.body, now())
        told = take_ticks(access=access, event=found, phone=phone, ticks=ticks)
    except Refused as refusal:
        return _refused(refusal)
    answers = {"answers": verdicts(told)}
    registration = registration_of(found)
    if registration is None or _why_over(registration):
        return JsonResponse(answers)
    since = since_of(request.GET.get("since", ""))
    return JsonResponse(answers | phone_list(registration, phone, since))


def _why_over(registration: PressRegistration) -> str:
    if registration.event.cancelled_at is not None:
        return _("The event is cancelled.")
    return _("The event is over.") if forgotten_at(registration.event) < now() else ""


def _refused(refusal: Refused) -> JsonResponse:
    return JsonResponse({"why": str(refusal.message)}, status=422)
