"""Visitor views in the member area: counts by day and hour, corrections, links, the table."""

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
from coalition.applicants.views import private_response
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
from events.core.permissions import event_title, get_own_event_or_404, is_open_to_guests, may_change
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.visitors import presenters
from events.exhibitions.visitors.actions import (
    ONLY_PLANNERS,
    ONLY_PREPARING,
    Tap,
    correct_count,
    count_as_member,
    count_by_link,
    count_link_token,
    make_count_link,
    may_count,
    revoke_count_link,
    takes_place_on,
)
from events.exhibitions.visitors.enums import TAPS, TapResult, VisitorGroup
from events.exhibitions.visitors.forms import (
    CorrectionForm,
    CountLinkForm,
    fresh_mark,
    parse_form_tap,
    parse_taps,
)
from events.exhibitions.visitors.models import CountLink
from events.exhibitions.visitors.presenters import today_numbers
from events.exhibitions.visitors.queries import (
    corrections_of,
    count_link_of_token,
    count_links_of,
    counts_of,
    groups_that_came,
)
from events.spreadsheets.columns import csv_response
from events.volunteers.queries import shifts_between


@dataclass(frozen=True)
class CountLinkRow:
    """Link row. `address`: the full URL, to share; "" if it does not open any more."""

    link: CountLink
    address: str


def get_counted_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return an exhibition, for members who prepare it."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(may_count(access, event), ONLY_PREPARING)
    if event.kind != EventKind.EXHIBITION:
        raise Http404
    return access, event


@member_required
@never_cache
@require_safe
def counts(request: HttpRequest, event: UUID) -> HttpResponse:
    """Display all days, and one by the hour (`?on=2026-03-12`) with that day's groups and
    volunteers."""
    access, found = get_counted_event_or_404(request, event)
    counted, changes = counts_of(found), may_change(access, found)
    on = presenters.day_to_show(found, counted, request.GET.get("on", ""))
    language = get_language() or ""
    context = planning_context(access, found) | {
        "people": sum(counted.values()),
        "busiest": presenters.busiest_hour_words(counted),
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
def download_visitor_table(request: HttpRequest, event: UUID) -> HttpResponse:
    """Export the counts by hour as a spreadsheet table."""
    _access, found = get_counted_event_or_404(request, event)
    cells = presenters.table_cells(counts_of(found), list(corrections_of(found)))
    return csv_response(presenters.table_heads(), cells, "visitors.csv")


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_visitor_count(request: HttpRequest, event: UUID) -> HttpResponse:
    """Correct the count of one hour, with a reason."""
    access, found = get_counted_event_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators put numbers right."))
    initial = {"on": request.GET.get("on", ""), "hour": 12}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            correct_count(access=access, event=found, correction=form.correction)
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
def count_links(request: HttpRequest, event: UUID) -> HttpResponse:
    """List all links with their counts, and a form for another one."""
    access, found = get_counted_event_or_404(request, event)
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
    for_guests = is_open_to_guests(found)
    context = planning_context(access, found) | {
        "form": form,
        "rows": [_count_link_row(link, opens=for_guests) for link in count_links_of(found)],
        "for_guests": for_guests,
    }
    return form_page(request, "events/visitors/links.html", context)


@member_required
@require_POST
def end_count_link(request: HttpRequest, event: UUID, link: UUID) -> HttpResponse:
    """Revoke a link."""
    access, found = get_counted_event_or_404(request, event)
    row = get_object_or_404(CountLink.objects.select_related("event"), event=found, uuid=link)
    with flash_result(request, _("The link opens no more. What was counted by it stays.")):
        revoke_count_link(access=access, link=row)
    return redirect("events:visitors_links", found.uuid)


def _name(request: HttpRequest, event: Event, person: User | None) -> str:
    return person_name(get_viewer(request), person, event.organisation) if person is not None else ""


def _count_link_row(link: CountLink, *, opens: bool) -> CountLinkRow:
    opens = opens and link.taken_back_at is None
    return CountLinkRow(
        link, absolute_url(reverse("counting", args=[count_link_token(link)])) if opens else ""
    )


# --- counting ---
# Counting visitors on a phone: by a link without an account, or as a member. The page works without
# JavaScript; with it the phone stores taps while offline and sends them later.


type TapCounter = Callable[[Sequence[Tap]], list[TapResult]]


@require_http_methods(["GET", "HEAD", "POST"])
def counter_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the counter by a link. Raises Http404 for an unknown or closed link."""
    link = _get_count_link_or_404(token)
    count = partial(_record_link_taps, link)
    addresses = (reverse("counting", args=[token]), reverse("counting_taps", args=[token]))
    return private_response(_counter_response(request, link.event, count, *addresses))


@require_POST
def submit_taps_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Accept the taps that a phone stored. A closed link returns 410, because Django redirects a
    404 at a URL without a language prefix."""
    try:
        link = _get_count_link_or_404(token)
    except Http404:
        return private_response(JsonResponse({"why": _("This link opens no more.")}, status=410))
    return private_response(_taps_response(request, link.event, partial(_record_link_taps, link)))


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the counter for members who prepare the event."""
    access, found = get_counted_event_or_404(request, event)
    addresses = [reverse(f"events:{name}", args=[event]) for name in ("visitors_count", "visitors_taps")]
    back = reverse("events:visitors", args=[event])
    return _counter_response(request, found, _member_tap_counter(access, found), *addresses, back=back)


@member_required
@require_POST
def submit_taps_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    access, found = get_counted_event_or_404(request, event)
    return _taps_response(request, found, _member_tap_counter(access, found))


def _get_count_link_or_404(token: str) -> CountLink:
    link = count_link_of_token(token)
    if link is None or not is_open_to_guests(link.event):
        raise Http404
    return link


def _record_link_taps(link: CountLink, taps: Sequence[Tap]) -> list[TapResult]:
    return count_by_link(link=link, taps=taps)


def _member_tap_counter(access: Access, event: Event) -> TapCounter:
    return lambda taps: count_as_member(access=access, event=event, taps=taps)


def _counter_response(
    request: HttpRequest, event: Event, count: TapCounter, page: str, taps: str, *, back: str = ""
) -> HttpResponse:
    """Render the buttons and today's counts. A POST redirects here, so that a reload sends nothing
    again; a refused one returns the error message."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            (answer,) = count([parse_form_tap(request.POST, now())])
        except Refused as refused:
            refusal, status = refused.message, 429 if isinstance(refused, TooManyRequests) else 422
        else:
            if answer == TapResult.YES:
                return redirect(page)
            refusal, status = str(answer.label), 409
    numbers = _today(event)
    context = {
        "event": event,
        "title": event_title(event),
        "groups": [(one.value, str(one.label), numbers[one.value]) for one in VisitorGroup],
        "taps": TAPS,
        "mark": fresh_mark(),
        "closed": _closed_message(event),
        "refusal": refusal,
        "page": page,
        "send_to": taps,
        "back": back,
        "words": _script_messages(),
    }
    return render(request, "events/visitors/count.html", context, status=status)


def _taps_response(request: HttpRequest, event: Event, count: TapCounter) -> HttpResponse:
    """Accept many taps at once; return one result per tap, and today's counts."""
    try:
        taps = parse_taps(request.body, now())
        answers = count(taps)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooManyRequests) else 422
        return JsonResponse({"why": refusal.message}, status=status)
    said = [
        {"mark": str(tap.mark), "said": one.value, "words": "" if one == TapResult.YES else str(one.label)}
        for tap, one in zip(taps, answers, strict=True)
    ]
    return JsonResponse({"answers": said, "numbers": _today(event)})


def _today(event: Event) -> dict[str, int]:
    return today_numbers(counts_of(event, now().astimezone(event.zone_info).date()))


def _closed_message(event: Event) -> str:
    """Return a sentence on why counting is closed; "" on the event's days."""
    if event.cancelled_at is not None:
        return _("The event is cancelled.")
    today = now().astimezone(event.zone_info).date()
    return "" if takes_place_on(event, today) else _("Visitors are counted on the days of the event.")


def _script_messages() -> dict[str, str]:
    """Return the messages of the script."""
    return {
        "online": _("Online"),
        "offline": _("Offline: what you press is kept and sent later."),
        "waiting": _("Not sent yet: {number}"),
        "sent": _("All is sent."),
        "signed_out": _("Load this page anew and sign in: what was not sent is kept on this phone."),
        "ended": _("This link opens no more. What was not sent is lost."),
    }
