"""The operators' page on a phone, and the desk where its links are made. The page works without script."""

import base64
import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.views.access import get_person
from coalition.applicants.views import private_response
from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.figures.entering import MonthPage, answer_month
from coalition.campaigns.helplines.mentions import mentions_on
from coalition.campaigns.helplines.models import Helpline, OperatorLink
from coalition.campaigns.helplines.operators.actions import (
    AVAILABILITY_HOURS,
    end_operator_link,
    make_operator_link,
    set_availability,
)
from coalition.campaigns.helplines.operators.forms import OperatorLinkForm
from coalition.campaigns.helplines.operators.presenters import line_now, referral_groups
from coalition.campaigns.helplines.operators.queries import (
    operator_link_of_token,
    operator_links_of,
    referrals,
)
from coalition.campaigns.helplines.permissions import require_helpline_editor
from coalition.campaigns.helplines.queries import helplines_for
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.http.responses import flash_result, form_page
from coalition.mail.outbox import absolute_url
from coalition.mail.qr_codes import draw_qr_code
from coalition.workspaces.access import member_required

MOST_PRESSES: Final = 60  # an hour, by one link from one network


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page; a press on one of the three buttons says how the line stands."""
    link = operator_link_of_token(token)
    if link is None:
        return _dead(request)
    if request.method != "POST":
        return _page(request, link, token)
    pressed = request.POST.get("availability", "")
    if pressed not in Availability.values:
        return _page(request, link, token, refusal=_("Press one of the three buttons."), status=422)
    if _too_many(request, link):
        return _page(request, link, token, refusal=TooManyRequests().message, status=429)
    try:
        set_availability(helpline=link.helpline, availability=Availability(pressed), link=link)
    except Refused as refusal:
        return _page(request, link, token, refusal=refusal.message, status=409)
    return private_response(redirect("operator", token))


@require_http_methods(["GET", "HEAD", "POST"])
def figures_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The figures of a month, on a phone."""
    link = operator_link_of_token(token)
    if link is None:
        return _dead(request)
    here = reverse("operator_figures", args=[token])
    page = MonthPage(request, link.helpline, here, link.helpline.published_entry(), link=link)
    refusal = ""
    if request.method == "POST" and _too_many(request, link):
        refusal = TooManyRequests().message
    answer = answer_month(page, refusal=refusal)
    if isinstance(answer, HttpResponse):
        return private_response(answer)
    context = answer.context | {"back": reverse("operator", args=[token])}
    template = "campaigns/helplines/operator_figures.html"
    return private_response(render(request, template, context, status=answer.status))


def _too_many(request: HttpRequest, link: OperatorLink) -> bool:
    return is_rate_limited(request, f"operator:{link.uuid}", MOST_PRESSES)


def _dead(request: HttpRequest) -> HttpResponse:
    """Say that the link opens nothing, whether it ever did or not. At an address without a language Django
    would answer 404 with a redirect: 410."""
    return private_response(render(request, "campaigns/helplines/operator_gone.html", status=410))


def _page(
    request: HttpRequest, link: OperatorLink, token: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    helpline, at = link.helpline, now()
    entry = helpline.published_entry()
    context = {
        "name": str(entry.name) if entry is not None else "",
        "now": line_now(helpline, entry, at),
        "hours": AVAILABILITY_HOURS,
        "items": _items(helpline, timezone.localdate(at), token),
        "referrals": referral_groups(referrals(helpline), at),
        "figures": reverse("operator_figures", args=[token]),
        "refusal": refusal,
    }
    return private_response(render(request, "campaigns/helplines/operator.html", context, status=status))


def _items(helpline: Helpline, day: datetime.date, token: str) -> list[dict[str, Any]]:
    return [
        {"item": one, "answer": reverse(one.answer_url, args=[token, one.uuid]) if one.answer_url else ""}
        for one in mentions_on(helpline, day)
    ]


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Every link of a line, and a form for another one, whose address is shown once."""
    found, person = _own_line(request, helpline), get_person(request)
    form = OperatorLinkForm(request.POST if request.method == "POST" else None)
    made: dict[str, object] = {}
    if form.is_bound and form.is_valid():
        try:
            link, token = make_operator_link(person=person, helpline=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            address = absolute_url(reverse("operator", args=[token]))
            picture = base64.b64encode(draw_qr_code(address)).decode()
            made = {"made": link, "address": address, "picture": f"data:image/png;base64,{picture}"}
            form = OperatorLinkForm()
    at = now()
    entry = found.published_entry()
    context = {
        "helpline": found,
        "name": str(entry.name) if entry is not None else "",
        "form": form,
        "links": operator_links_of(found),
        "now": line_now(found, entry, at),
        "hours": AVAILABILITY_HOURS,
        "nav_current": "helplines",
        **made,
    }
    return form_page(request, "campaigns/helplines/operator_links.html", context)


@member_required
@require_POST
def end_link(request: HttpRequest, helpline: UUID, link: UUID) -> HttpResponse:
    """End a link."""
    found = _own_line(request, helpline)
    row = get_object_or_404(operator_links_of(found).select_related("helpline"), uuid=link)
    with flash_result(request, _("The link opens no more. What was entered by it stays.")):
        end_operator_link(person=get_person(request), link=row)
    return redirect("campaigns:operator_links", found.uuid)


@member_required
@require_POST
def availability(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Set at the desk whether the line is open, overloaded or closed, as the operators do."""
    found = _own_line(request, helpline)
    pressed = request.POST.get("availability", "")
    if pressed in Availability.values:
        with flash_result(request, _("The public page shows it now.")):
            set_availability(helpline=found, availability=Availability(pressed), person=get_person(request))
    return redirect("campaigns:operator_links", found.uuid)


def _own_line(request: HttpRequest, uuid: UUID) -> Helpline:
    """Return a line of the person's own organisation. Raises Http404, NotAllowed."""
    person = get_person(request)
    found = get_object_or_404(helplines_for(person).select_related("organisation"), uuid=uuid)
    require_helpline_editor(person, found)
    return found
