"""Press registration in public: the form, and the page behind the link in the mail."""

import base64
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.applicants.token_pages import confirm_or_withdraw, private_response
from coalition.core.throttling import TooMany, too_often
from coalition.mail.codes import draw
from documents.publication import hooks
from events.core.link_tokens import code_of, shown
from events.core.queries.texts import text_in
from events.press.kit.queries.kit import kit_of
from events.press.registration.actions.apply import Closed, ask_to_come, prove_address, withdraw_press
from events.press.registration.actions.settings import why_closed
from events.press.registration.enums import PressState
from events.press.registration.forms import AskForm
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import told_of
from events.press.registration.presenters import SHAPES, closed_words, moment_words
from events.press.registration.queries import guest_of_token, public_registration
from events.public.views.lists import language_switch
from events.questions.actions.settings import why_closed as questions_closed
from events.questions.presenters import closed_words as questions_closed_words
from events.questions.queries import period_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. What comes back is the same whether the address is known or not; what was typed stays."""
    registration = _registration(slug)
    initial = {"language": get_language() or Language.KK}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    why = why_closed(registration)
    if request.method != "POST":
        return _page(request, registration, form, why=why)
    if too_often(request, "press-registration"):
        return _page(request, registration, form, why="too_often", status=429)
    if form.is_valid():
        try:
            ask_to_come(registration=registration, asking=form.asking)
        except TooMany:
            return _page(request, registration, form, why="too_often", status=429)
        except Closed as closed:
            return _page(request, registration, form, why=closed.why, status=409)
        return redirect("press_registration_sent", slug)
    return _page(request, registration, form, why=why, status=409 if why else 422)


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """A mail is on its way."""
    registration = _registration(slug)
    context = _frame(request, registration, "press_registration_sent")
    return render(request, "events/press_guests/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows, the POST acts: mail scanners open links. Raises Http404 for nobody's link."""
    found = guest_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):  # of the mail that brought here
        response = _link(request, found, token)
    return private_response(response, language=found.language)


def _link(request: HttpRequest, found: PressGuest, token: str) -> HttpResponse:
    refusal = confirm_or_withdraw(
        request,
        confirm=partial(prove_address, guest=found),
        withdraw=partial(withdraw_press, guest=found),
        template="events/press_guests/link.html",
        back=reverse("press_registration_link", args=[token]),
    )
    if isinstance(refusal, HttpResponse):
        return refusal
    event, state = found.registration.event, PressState(found.state)
    why = why_closed(found.registration)
    has_code = state == PressState.CONFIRMED and event.is_public and why != "cancelled"
    code = code_of(found.uuid)
    context = {
        "guest": found,
        "event": told_of(found) if event.is_public else None,
        "cancelled": why == "cancelled",
        "over": why == "over",
        "closed": closed_words(found.registration, why),
        "questions": _questions(found, token),
        "asks": state in {PressState.UNCONFIRMED, PressState.WITHDRAWN},
        "proves": state == PressState.UNCONFIRMED,
        "state": state,
        "shape": SHAPES[state],
        "kit_url": _kit_url(found, token),
        "refusal": refusal,
        "code": shown(code) if has_code else "",
        "picture": f"data:image/png;base64,{base64.b64encode(draw(code)).decode()}" if has_code else "",
    }
    return render(request, "events/press_guests/link.html", context, status=409 if refusal else 200)


def _questions(guest: PressGuest, token: str) -> dict[str, str] | None:
    """Where a confirmed journalist asks, and why not yet or no more; None where nothing is asked online."""
    period = period_of(guest.registration.event)
    if period is None or guest.state != PressState.CONFIRMED or not guest.registration.event.is_public:
        return None
    return {
        "address": reverse("own_questions", args=[token]),
        "closed": questions_closed_words(period, questions_closed(period)),
    }


def _kit_url(guest: PressGuest, token: str) -> str:
    """Their page of the kit, if there is one for them."""
    event = guest.registration.event
    if guest.state != PressState.CONFIRMED or not event.is_public or kit_of(event) is None:
        return ""
    return reverse("press_kit", args=[token])


def _registration(slug: str) -> PressRegistration:
    found = public_registration(slug)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, registration: PressRegistration, form: AskForm, *, why: str, status: int = 200
) -> HttpResponse:
    is_closed = why not in {"", "too_often"}
    context = {
        **_frame(request, registration, "press_registration"),
        "form": form,
        "too_often": why == "too_often",
        "closed": closed_words(registration, why) if is_closed else "",
        "shows_form": not is_closed or form.is_bound,
        "closes": moment_words(registration.event, registration.closing),
    }
    return render(request, "events/press_guests/ask.html", context, status=status)


def _frame(request: HttpRequest, registration: PressRegistration, name: str) -> dict[str, object]:
    event = registration.event
    return {
        **hooks.frame_of(request),
        "languages": language_switch(request, name, event.slug or ""),
        "event": event,
        "title": text_in(event, get_language() or "").title,
    }
