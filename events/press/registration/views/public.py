"""Press registration in public: the form, and the page behind the link in the mail."""

import base64
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.mail.codes import draw
from events.core.printed_codes import code_of, shown
from events.core.public_pages import AboutEvent
from events.press.kit.queries.kit import kit_of
from events.press.registration.actions.apply import ask_to_come, prove_address, withdraw_press
from events.press.registration.actions.settings import why_closed
from events.press.registration.enums import UNPROVED, PressState
from events.press.registration.forms import AskForm
from events.press.registration.models import PressGuest, PressRegistration
from events.press.registration.notifications import PRESS, told_of
from events.press.registration.presenters import SHAPES, closed_words, moment_words
from events.press.registration.queries import public_registration
from events.questions.actions.settings import why_closed as questions_closed
from events.questions.presenters import closed_words as questions_closed_words
from events.questions.queries import period_of


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
            "questions": _questions(guest, token),
            "asks": state in UNPROVED,
            "proves": state == PressState.UNCONFIRMED,
            "state": state,
            "shape": SHAPES[state],
            "kit_url": _kit_url(guest, token),
            "code": shown(code) if has_code else "",
            "picture": f"data:image/png;base64,{base64.b64encode(draw(code)).decode()}" if has_code else "",
        }


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
