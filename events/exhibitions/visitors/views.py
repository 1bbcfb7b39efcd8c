"""Visitors of an exhibition at the desk: numbers by day and hour, corrections, links, the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import User
from coalition.accounts.views.access import get_viewer
from coalition.applicants.token_pages import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.http.responses import flash_result, form_page
from coalition.mail.links import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, title_of, to_own_event
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.visitors import presenters
from events.exhibitions.visitors.actions import (
    ONLY_PLANNERS,
    ONLY_PREPARING,
    Tap,
    correct,
    count_as_member,
    count_by_link,
    make_count_link,
    may_count,
    take_back_count_link,
    takes_place_on,
    token_of,
)
from events.exhibitions.visitors.enums import TAPS, Counted, VisitorGroup
from events.exhibitions.visitors.forms import CorrectionForm, CountLinkForm, fresh_mark, tap_of_form, taps_of
from events.exhibitions.visitors.models import CountLink
from events.exhibitions.visitors.presenters import today_numbers
from events.exhibitions.visitors.queries import (
    corrections_of,
    count_link_of_token,
    count_links_of,
    counts_of,
    groups_that_came,
)
from events.spreadsheets.writer import as_csv
from events.volunteers.actions.sign_up import open_to_guests
from events.volunteers.queries import shifts_between


@dataclass(frozen=True)
class LinkRow:
    """One link. `address`: the whole one, to be passed on; "" once it does not open any more."""

    link: CountLink
    address: str


def to_visitors(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """An exhibition, for those who prepare it."""
    access, event = to_own_event(request, uuid)
    require_that(may_count(access, event), ONLY_PREPARING)
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event


@member_required
@never_cache
@require_safe
def counts(request: HttpRequest, event: UUID) -> HttpResponse:
    """All days, and one of them by the hour (`?on=2026-03-12`) with who else came and helped that day."""
    access, found = to_visitors(request, event)
    counted, changes = counts_of(found), may_change(access, found)
    on = presenters.day_to_show(found, counted, request.GET.get("on", ""))
    language = get_language() or ""
    context = planning_context(access, found) | {
        "people": sum(counted.values()),
        "busiest": presenters.busiest(counted),
        "days": presenters.day_bars(counted, on),
        "day": presenters.day_of(counted, on),
        "groups": [(visit_words(one, found, language), one) for one in groups_that_came(found, on)]
        if changes
        else [],
        "shifts": [(one, one.title_in(language)) for one in shifts_between(found, on, on)],
        "corrections": [
            (one, presenters.hour_words(one.hour), _name(request, found, one.by))
            for one in corrections_of(found, on)
        ],
    }
    return render(request, "events/visitors/counts.html", context)


@member_required
@require_safe
def table(request: HttpRequest, event: UUID) -> HttpResponse:
    """Every hour as a table for a spreadsheet program."""
    _access, found = to_visitors(request, event)
    cells = presenters.table_cells(counts_of(found), list(corrections_of(found)))
    return as_csv(presenters.table_heads(), cells, "visitors.csv")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def put_right(request: HttpRequest, event: UUID) -> HttpResponse:
    """Put the number of one hour right, with the reason."""
    access, found = to_visitors(request, event)
    require_that(may_change(access, found), _("Editors and coordinators put numbers right."))
    initial = {"on": request.GET.get("on", ""), "hour": 12}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            correct(access=access, event=found, correction=form.correction)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The number is put right."))
            return redirect(f"{reverse('events:visitors', args=[event])}?on={form.correction.on}")
    return form_page(
        request, "events/visitors/correct.html", planning_context(access, found) | {"form": form}
    )


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, event: UUID) -> HttpResponse:
    """Every link with how many were counted by it, and a form for another one."""
    access, found = to_visitors(request, event)
    require_that(may_change(access, found), ONLY_PLANNERS)
    form = CountLinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            make_count_link(access=access, event=found, name=form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The link is made. Copy it and pass it on."))
            return redirect("events:visitors_links", found.uuid)
    for_guests = open_to_guests(found)
    context = planning_context(access, found) | {
        "form": form,
        "rows": [_row(link, opens=for_guests) for link in count_links_of(found)],
        "for_guests": for_guests,
    }
    return form_page(request, "events/visitors/links.html", context)


@member_required
@require_POST
def end_link(request: HttpRequest, event: UUID, link: UUID) -> HttpResponse:
    """Take a link back."""
    access, found = to_visitors(request, event)
    row = get_object_or_404(CountLink.objects.select_related("event"), event=found, uuid=link)
    with flash_result(request, _("The link opens no more. What was counted by it stays.")):
        take_back_count_link(access=access, link=row)
    return redirect("events:visitors_links", found.uuid)


def _name(request: HttpRequest, event: Event, person: User | None) -> str:
    return person_name(get_viewer(request), person, event.organisation) if person is not None else ""


def _row(link: CountLink, *, opens: bool) -> LinkRow:
    opens = opens and link.taken_back_at is None
    return LinkRow(link, absolute_url(reverse("counting", args=[token_of(link)])) if opens else "")


# --- counting ---
# Counting visitors on a phone: by a link without an account, or as a member. The page works without script;
# with it the phone keeps taps while it has no connection, and sends them later.


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


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """The counter for who prepares the event."""
    access, found = to_visitors(request, event)
    addresses = [reverse(f"events:{name}", args=[event]) for name in ("visitors_count", "visitors_taps")]
    back = reverse("events:visitors", args=[event])
    return _page(request, found, _as_member(access, found), *addresses, back=back)


@member_required
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
            refusal, status = refused.message, 429 if isinstance(refused, TooManyRequests) else 422
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
        status = 429 if isinstance(refusal, TooManyRequests) else 422
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
