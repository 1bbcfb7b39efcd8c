"""A volunteer's own page, behind the link in their mail. The GET shows, the POST acts: mail scanners open
links. Whoever holds the link acts; one that does not count is like one that never was."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.http.responses import pdf_response
from events.core.models.participants import EventInvitation
from events.core.summary import invited
from events.volunteers.actions import assignments
from events.volunteers.actions.sign_up import not_me, prove_address, why_closed
from events.volunteers.models import Volunteer
from events.volunteers.pdf.certificate import certificate_pdf
from events.volunteers.presenters.own_shifts import own_page_of
from events.volunteers.queries import known_shifts, offered_to, shift_plan_of, volunteer_of_token, worked


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
        assignments.take_over(volunteer=found, turn=target)
        return
    if target not in known_shifts(found.event, [target]):
        raise Http404
    if act == "take":
        assignments.take_shift(volunteer=found, shift=target)
    elif act == "withdraw":
        assignments.withdraw(volunteer=found, shift=target)
    elif act in {"offer", "keep"}:
        assignments.offer(volunteer=found, shift=target, offered=act == "offer")
    else:
        raise Http404


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Http404 from error
