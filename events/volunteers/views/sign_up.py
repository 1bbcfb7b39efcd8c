"""Signing up for shifts: by the event's link without an account, at the desk with one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_person
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import form_page, pdf_response
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.models import Event, EventInvitation
from events.core.pages import event_context
from events.core.permissions import is_admitted, to_own_event
from events.core.public_pages import language_switch
from events.core.summary import invited
from events.volunteers.actions import sign_up as actions_sign_up
from events.volunteers.actions.sign_up import ask_to_help, join, not_me, note_use, prove_address, why_closed
from events.volunteers.forms import MemberForm, SignUpForm
from events.volunteers.models import ShiftLink, Volunteer
from events.volunteers.notifications import own_page
from events.volunteers.pdf import certificate_pdf
from events.volunteers.presenters import own_page_of
from events.volunteers.queries import (
    known_shifts,
    link_of_token,
    offered_to,
    open_shifts,
    shift_plan_of,
    volunteer_of_token,
    volunteer_of_user,
    worked,
)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """The event, its free shifts, and the form. What comes back is the same whether the address is known or
    not; what was typed stays. Raises Http404 for no link, and for a shift of another event."""
    link = _link(token)
    if request.method == "GET":
        note_use(link)
    return private_response(_sign_up(request, link, token))


def _sign_up(request: HttpRequest, link: ShiftLink, token: str) -> HttpResponse:
    event = link.event
    refuse_foreign(request, event)
    language = get_language() or Language.KK
    form = SignUpForm(
        request.POST if request.method == "POST" else None,
        event=event,
        shifts=open_shifts(event),
        plan=shift_plan_of(event),
        initial={"language": language},
    )
    why = why_closed(event)
    if request.method != "POST":
        return _page(request, link, token, form, why=why)
    if is_rate_limited(request, "shifts"):
        return _page(request, link, token, form, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            ask_to_help(link=link, asking=form.asking)
        except TooManyRequests:
            return _page(request, link, token, form, why="too_often", status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("shift_sign_up_sent", token)
    return _page(request, link, token, form, why=why, status=409 if why else 422)


@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """A mail is on its way."""
    link = _link(token)
    context = _frame(request, link, token, "shift_sign_up_sent")
    return private_response(render(request, "events/shifts/sent.html", context))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, event: UUID) -> HttpResponse:
    """Somebody with an account signs up; who has done so is led to their own page."""
    access, found = to_own_event(request, event)
    require_that(is_admitted(access, found))
    person = get_person(request)
    known = volunteer_of_user(found, person)
    if known is not None and known.proved_at is not None and request.method != "POST":
        return redirect(own_page(known))
    refuse_foreign(request, found)
    around = shift_plan_of(found)
    bound = request.POST if request.method == "POST" else None
    form = MemberForm(bound, event=found, shifts=open_shifts(found), plan=around)
    if form.is_bound and form.is_valid():
        said = form.signing_up(name=person.name, address=person.email, language=Language(person.language))
        try:
            return redirect(own_page(join(access=access, event=found, asking=said)))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        **event_context(access, found),
        "form": form,
        "brief": around.brief_in(get_language() or "") if around is not None else "",
        "has_free": form.has_free,
    }
    return form_page(request, "events/shifts/join.html", context)


def refuse_foreign(request: HttpRequest, event: Event) -> None:
    """Raise Http404 for a shift that is none of this event's, as for one that never was."""
    chosen = set()
    for words in request.POST.getlist("shifts"):
        try:
            chosen.add(UUID(words))
        except ValueError as error:
            raise Http404 from error
    if chosen and known_shifts(event, chosen).keys() != chosen:
        raise Http404


def _link(token: str) -> ShiftLink:
    found = link_of_token(token)
    if found is None or why_closed(found.event) == "marks":
        raise Http404
    return found


def _page(
    request: HttpRequest, link: ShiftLink, token: str, form: SignUpForm, *, why: str, status: int = 200
) -> HttpResponse:
    plan = shift_plan_of(link.event)
    is_closed = why not in {"", "too_often"}
    context = {
        **_frame(request, link, token, "shift_sign_up"),
        "form": form,
        "why": why,
        "too_often": why == "too_often",
        "has_free": form.has_free,
        "shows_form": form.is_bound or (not is_closed and form.has_free),
        "brief": plan.brief_in(get_language() or "") if plan is not None else "",
    }
    return render(request, "events/shifts/sign_up.html", context, status=status)


def _frame(request: HttpRequest, link: ShiftLink, token: str, name: str) -> dict[str, object]:
    language = get_language() or Language.KK
    return {
        **hooks.frame_of(request),
        "languages": language_switch(request, name, token),
        "event": invited(EventInvitation(event=link.event, language=language)),
        "token": token,
        "robots": "noindex",
    }


# --- own shifts ---
# A volunteer's own page, behind the link in their mail. The GET shows, the POST acts: mail scanners open
# links. Whoever holds the link acts; one that does not count is like one that never was.


@require_http_methods(["GET", "HEAD", "POST"])
def own_shifts(request: HttpRequest, token: str) -> HttpResponse:
    """What they hold, what is free, what others offer; or the question whether it was them."""
    found = _volunteer(token)
    with override(found.language):  # of the mail that brought here
        return private_response(_own(request, found, token), language=found.language)


@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate, once somebody saw them work. Raises Http404 before."""
    found = _volunteer(token)
    turns = worked(found)
    if not turns:
        raise Http404
    with override(found.language):
        content = certificate_pdf(volunteer=found, turns=turns)
    return private_response(pdf_response(content, "certificate.pdf"), language=found.language)


def _volunteer(token: str) -> Volunteer:
    found = volunteer_of_token(token)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, found: Volunteer, token: str) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "delete":
                not_me(volunteer=found)
                return render(request, "events/shifts/own.html", {"deleted": True})
            _act(request, found)
            return redirect("own_shifts", token)
        except Refused as refused:
            refusal = refused.message
    plan = shift_plan_of(found.event)
    closed = why_closed(found.event)
    context = {
        "volunteer": found,
        "event": invited(EventInvitation(event=found.event, language=found.language)),
        "proved": found.proved_at is not None,
        "page": own_page_of(found),
        "cancelled": closed == "cancelled",
        "brief": plan.brief_in(found.language) if plan is not None else "",
        "caller_name": plan.caller_name if plan is not None and found.proved_at else "",
        "caller_phone": plan.caller_phone if plan is not None and found.proved_at else "",
        "refusal": refusal,
        "token": token,
    }
    return render(request, "events/shifts/own.html", context, status=409 if refusal else 200)


def _act(request: HttpRequest, found: Volunteer) -> None:
    """What was pressed. Raises Http404 for a shift of another event, Refused for what cannot be done."""
    act = request.POST.get("act", "")
    if act == "confirm":
        for words in prove_address(volunteer=found):
            messages.warning(request, words)
        return
    if found.proved_at is None:
        raise Http404
    target = _uuid(request.POST.get("shift", ""))
    if act == "take_over":
        if target not in {one.uuid for one in offered_to(found)}:
            raise Refused(_("This shift is not offered any more."))
        actions_sign_up.take_over(volunteer=found, turn=target)
        return
    if target not in known_shifts(found.event, [target]):
        raise Http404
    if act == "take":
        actions_sign_up.take_shift(volunteer=found, shift=target)
    elif act == "withdraw":
        actions_sign_up.withdraw(volunteer=found, shift=target)
    elif act in {"offer", "keep"}:
        actions_sign_up.offer(volunteer=found, shift=target, offered=act == "offer")
    else:
        raise Http404


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error
