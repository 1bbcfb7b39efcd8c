"""Counting visitors on a phone: by a link without an account, or as a member. The page works without script;
with it the phone keeps taps while it has no connection, and sends them later."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.applicants.token_pages import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooMany
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from events.core.models import Event
from events.core.permissions import title_of
from events.exhibitions.visitors.actions.counts import Tap, count_as_member, count_by_link, takes_place_on
from events.exhibitions.visitors.enums import TAPS, Counted, VisitorGroup
from events.exhibitions.visitors.forms import fresh_mark, tap_of_form, taps_of
from events.exhibitions.visitors.models import CountLink
from events.exhibitions.visitors.presenters import today_numbers
from events.exhibitions.visitors.queries import count_link_of_token, counts_of
from events.exhibitions.visitors.views.desk import to_visitors
from events.volunteers.actions.sign_up import open_to_guests

type Count = Callable[[Sequence[Tap]], list[Counted]]


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The counter by a link. Raises Http404 for one that is none, or opens no more."""
    link = _link(token)
    count = partial(_by_link, link)
    addresses = (reverse("counting", args=[token]), reverse("counting_taps", args=[token]))
    return private_response(_page(request, link.event, count, *addresses))


@require_POST
def taps_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a phone kept. Django answers 404 at an address without a language with a redirect: 410."""
    try:
        link = _link(token)
    except Http404:
        return private_response(JsonResponse({"why": _("This link opens no more.")}, status=410))
    return private_response(_taps(request, link.event, partial(_by_link, link)))


@door.members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """The counter for who prepares the event."""
    access, found = to_visitors(request, event)
    addresses = [reverse(f"events:{name}", args=[event]) for name in ("visitors_count", "visitors_taps")]
    back = reverse("events:visitors", args=[event])
    return _page(request, found, _as_member(access, found), *addresses, back=back)


@door.members_only
@require_POST
def taps_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    access, found = to_visitors(request, event)
    return _taps(request, found, _as_member(access, found))


def _link(token: str) -> CountLink:
    link = count_link_of_token(token)
    if link is None or not open_to_guests(link.event):
        raise Http404
    return link


def _by_link(link: CountLink, taps: Sequence[Tap]) -> list[Counted]:
    return count_by_link(link=link, taps=taps)


def _as_member(access: Access, event: Event) -> Count:
    return lambda taps: count_as_member(access=access, event=event, taps=taps)


def _page(
    request: HttpRequest, event: Event, count: Count, page: str, taps: str, *, back: str = ""
) -> HttpResponse:
    """The buttons, and how many were counted today. A press leads back here, so that loading the page anew
    sends nothing again; one that is refused is answered in words."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            (answer,) = count([tap_of_form(request.POST, now())])
        except Refused as refused:
            refusal, status = refused.message, 429 if isinstance(refused, TooMany) else 422
        else:
            if answer == Counted.YES:
                return redirect(page)
            refusal, status = str(answer.label), 409
    numbers = _today(event)
    context = {
        "event": event,
        "title": title_of(event),
        "groups": [(one.value, str(one.label), numbers[one.value]) for one in VisitorGroup],
        "taps": TAPS,
        "mark": fresh_mark(),
        "closed": _why_closed(event),
        "refusal": refusal,
        "page": page,
        "send_to": taps,
        "back": back,
        "words": _words(),
    }
    return render(request, "events/visitors/count.html", context, status=status)


def _taps(request: HttpRequest, event: Event, count: Count) -> HttpResponse:
    """Many taps at once, answered one by one, with the numbers of today."""
    try:
        taps = taps_of(request.body, now())
        answers = count(taps)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return JsonResponse({"why": refusal.message}, status=status)
    said = [
        {"mark": str(tap.mark), "said": one.value, "words": "" if one == Counted.YES else str(one.label)}
        for tap, one in zip(taps, answers, strict=True)
    ]
    return JsonResponse({"answers": said, "numbers": _today(event)})


def _today(event: Event) -> dict[str, int]:
    return today_numbers(counts_of(event, now().astimezone(event.zone_info).date()))


def _why_closed(event: Event) -> str:
    """Why nothing can be counted now, as a sentence; "" on the event's days."""
    if event.cancelled_at is not None:
        return _("The event is cancelled.")
    today = now().astimezone(event.zone_info).date()
    return "" if takes_place_on(event, today) else _("Visitors are counted on the days of the event.")


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "online": _("Online"),
        "offline": _("Offline: what you press is kept and sent later."),
        "waiting": _("Not sent yet: {number}"),
        "sent": _("All is sent."),
        "signed_out": _("Load this page anew and sign in: what was not sent is kept on this phone."),
        "ended": _("This link opens no more. What was not sent is lost."),
    }
