"""Sign-up views: by the event's link without an account, in the member area with one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_person
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import form_page, pdf_response
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that
from documents.publication import hooks
from events.core.models import Event, EventInvitation
from events.core.pages import event_context
from events.core.permissions import get_own_event_or_404, is_admitted
from events.core.public_pages import language_switch
from events.core.summary import build_invitation_summary
from events.volunteers.actions import sign_up as actions_sign_up
from events.volunteers.actions.sign_up import (
    confirm_volunteer_address,
    delete_unproved_volunteer,
    record_link_use,
    request_sign_up,
    shifts_closed_reason,
    sign_up_member,
)
from events.volunteers.forms import MemberSignUpForm, SignUpForm
from events.volunteers.models import ShiftLink, Volunteer
from events.volunteers.notifications import own_page
from events.volunteers.pdf import certificate_pdf
from events.volunteers.presenters import build_own_shifts_page
from events.volunteers.queries import (
    known_shifts,
    offered_to,
    open_shifts,
    shift_link_of_token,
    shift_plan_of,
    volunteer_of_token,
    volunteer_of_user,
    worked_turns,
)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """Render the event, its free shifts, and the form. The response is the same for known and
    unknown addresses; the input is kept on errors. Raises Http404 for an unknown link, and for a
    shift of another event."""
    link = _get_shift_link_or_404(token)
    if request.method == "GET":
        record_link_use(link)
    return private_response(_sign_up(request, link, token))


def _sign_up(request: HttpRequest, link: ShiftLink, token: str) -> HttpResponse:
    event = link.event
    refuse_unknown_shifts(request, event)
    language = get_language() or Language.KK
    form = SignUpForm(
        request.POST if request.method == "POST" else None,
        event=event,
        shifts=open_shifts(event),
        plan=shift_plan_of(event),
        initial={"language": language},
    )
    why = shifts_closed_reason(event)
    if request.method != "POST":
        return _sign_up_form_response(request, link, token, form, why=why)
    if is_rate_limited(request, "shifts"):
        return _sign_up_form_response(request, link, token, form, why="too_often", status=429)
    if form.is_valid() and not why:
        try:
            request_sign_up(link=link, asking=form.asking)
        except TooManyRequests:
            return _sign_up_form_response(request, link, token, form, why="too_often", status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("shift_sign_up_sent", token)
    return _sign_up_form_response(request, link, token, form, why=why, status=409 if why else 422)


@require_safe
def sign_up_sent(request: HttpRequest, token: str) -> HttpResponse:
    """Display that a mail was sent."""
    link = _get_shift_link_or_404(token)
    context = _frame(request, link, token, "shift_sign_up_sent")
    return private_response(render(request, "events/shifts/sent.html", context))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """Sign up with an account; redirect to the own page if that was done before."""
    access, found = get_own_event_or_404(request, event)
    require_that(is_admitted(access, found))
    person = get_person(request)
    known = volunteer_of_user(found, person)
    if known is not None and known.proved_at is not None and request.method != "POST":
        return redirect(own_page(known))
    refuse_unknown_shifts(request, found)
    around = shift_plan_of(found)
    bound = request.POST if request.method == "POST" else None
    form = MemberSignUpForm(bound, event=found, shifts=open_shifts(found), plan=around)
    if form.is_bound and form.is_valid():
        said = form.signing_up(name=person.name, address=person.email, language=Language(person.language))
        try:
            return redirect(own_page(sign_up_member(access=access, event=found, asking=said)))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        **event_context(access, found),
        "form": form,
        "brief": around.brief_in(get_language() or "") if around is not None else "",
        "has_free": form.has_free,
    }
    return form_page(request, "events/shifts/join.html", context)


def refuse_unknown_shifts(request: HttpRequest, event: Event) -> None:
    """Raise Http404 for a shift of another event, as for an unknown one."""
    chosen = set()
    for words in request.POST.getlist("shifts"):
        try:
            chosen.add(UUID(words))
        except ValueError as error:
            raise Http404 from error
    if chosen and known_shifts(event, chosen).keys() != chosen:
        raise Http404


def _get_shift_link_or_404(token: str) -> ShiftLink:
    found = shift_link_of_token(token)
    if found is None or shifts_closed_reason(found.event) == "marks":
        raise Http404
    return found


def _sign_up_form_response(
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
        **hooks.site_frame_context(request),
        "languages": language_switch(request, name, token),
        "event": build_invitation_summary(EventInvitation(event=link.event, language=language)),
        "token": token,
        "robots": "noindex",
    }


# --- own shifts ---
# A volunteer's own page, by the link in the mail. GET displays and POST acts, because mail scanners
# open links. The link is the only authorisation; invalid and unknown links get the same response.


@require_http_methods(["GET", "HEAD", "POST"])
def own_shifts(request: HttpRequest, token: str) -> HttpResponse:
    """Display own shifts, free shifts and offers; before verification the request to confirm the
    address."""
    found = _get_volunteer_or_404(token)
    with override(found.language):  # language of the mail with the link
        return private_response(_own_shifts_response(request, found, token), language=found.language)


@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Return the certificate. Raises Http404 before any attendance is confirmed."""
    found = _get_volunteer_or_404(token)
    turns = worked_turns(found)
    if not turns:
        raise Http404
    with override(found.language):
        content = certificate_pdf(volunteer=found, turns=turns)
    return private_response(pdf_response(content, "certificate.pdf"), language=found.language)


def _get_volunteer_or_404(token: str) -> Volunteer:
    found = volunteer_of_token(token)
    if found is None:
        raise Http404
    return found


def _own_shifts_response(request: HttpRequest, found: Volunteer, token: str) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "delete":
                delete_unproved_volunteer(volunteer=found)
                return render(request, "events/shifts/own.html", {"deleted": True})
            _apply_own_action(request, found)
            return redirect("own_shifts", token)
        except Refused as refused:
            refusal = refused.message
    plan = shift_plan_of(found.event)
    closed = shifts_closed_reason(found.event)
    context = {
        "volunteer": found,
        "event": build_invitation_summary(EventInvitation(event=found.event, language=found.language)),
        "proved": found.proved_at is not None,
        "page": build_own_shifts_page(found),
        "cancelled": closed == "cancelled",
        "brief": plan.brief_in(found.language) if plan is not None else "",
        "caller_name": plan.caller_name if plan is not None and found.proved_at else "",
        "caller_phone": plan.caller_phone if plan is not None and found.proved_at else "",
        "refusal": refusal,
        "token": token,
    }
    return render(request, "events/shifts/own.html", context, status=409 if refusal else 200)


def _apply_own_action(request: HttpRequest, found: Volunteer) -> None:
    """Perform the submitted action. Raises Http404 for a shift of another event, Refused if it is
    not possible."""
    act = request.POST.get("act", "")
    if act == "confirm":
        for words in confirm_volunteer_address(volunteer=found):
            messages.warning(request, words)
        return
    if found.proved_at is None:
        raise Http404
    target = _parse_uuid(request.POST.get("shift", ""))
    if act == "take_over":
        if target not in {one.uuid for one in offered_to(found)}:
            raise Refused(_("This shift is not offered any more."))
        actions_sign_up.take_over_shift(volunteer=found, turn=target)
        return
    if target not in known_shifts(found.event, [target]):
        raise Http404
    if act == "take":
        actions_sign_up.take_shift(volunteer=found, shift=target)
    elif act == "withdraw":
        actions_sign_up.withdraw_from_shift(volunteer=found, shift=target)
    elif act in {"offer", "keep"}:
        actions_sign_up.offer_shift(volunteer=found, shift=target, offered=act == "offer")
    else:
        raise Http404


def _parse_uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error
