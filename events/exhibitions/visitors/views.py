"""Visitor views: counts, corrections, links and the table for members; the counter on a phone."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.generic_views import EventFormView, event_action, event_loader, event_page
from events.core.models import Event
from events.core.permissions import event_title, is_open_to_guests, may_change
from events.core.public_pages import planning_context
from events.exhibitions.school_groups.models import GroupState, groups_of
from events.exhibitions.visitors import actions, presenters
from events.exhibitions.visitors.forms import CorrectionForm, CountLinkForm, parse_form_tap, parse_taps
from events.exhibitions.visitors.models import (
    TAPS,
    CountLink,
    TapResult,
    VisitorGroup,
    corrections_of,
    count_links_of,
    counts_of,
    open_count_link,
)
from events.spreadsheets.columns import csv_response
from events.volunteers.queries import shifts_between

get_counted_event_or_404 = event_loader(actions.may_count, actions.ONLY_PREPARING, EventKind.EXHIBITION)


@event_page(get_counted_event_or_404)
def list_counts(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Display all days, and one by the hour (`?on=2026-03-12`) with that day's groups and volunteers."""
    counted, changes = counts_of(event), may_change(access, event)
    on = presenters.day_to_show(event, counted, request.GET.get("on", ""))
    context = planning_context(access, event) | {
        "people": sum(counted.values()),
        "busiest": presenters.busiest_hour_words(counted),
        "days": presenters.day_bars(counted),
        "day": presenters.day_of(counted, on),
        "groups": groups_of(event).filter(on=on, state=GroupState.CONFIRMED) if changes else [],
        "shifts": [(one, one.title) for one in shifts_between(event, on, on)],
        "corrections": [
            (
                one,
                presenters.hour_words(one.hour),
                person_name(get_viewer(request), one.by, event.organisation) if one.by else "",
            )
            for one in corrections_of(event, on)
        ],
    }
    return render(request, "events/visitors/counts.html", context)


@event_page(get_counted_event_or_404)
def download_visitor_table(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """Export the counts by hour as a spreadsheet table."""
    cells = presenters.table_cells(counts_of(event), corrections_of(event))
    return csv_response(presenters.table_heads(), cells, "visitors.csv")


class VisitorsFormView(EventFormView):
    """A form about the visitors of an exhibition, for people who may change the event."""

    success_name = "events:visitors"

    def load(self) -> None:
        self.access, self.event = get_counted_event_or_404(self.request, self.kwargs["event"])
        require_that(may_change(self.access, self.event), self.refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | planning_context(self.access, self.event)


class CorrectionView(VisitorsFormView):
    """Correct the count of one hour, with a reason."""

    form_class = CorrectionForm
    template_name = "events/visitors/correct.html"
    refusal = actions.ONLY_CORRECTING
    success_message = gettext_lazy("The number is put right.")

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.request.GET.get("on", ""), "hour": 12}

    def save(self, form: CorrectionForm) -> HttpResponse:
        actions.correct_count(access=self.access, event=self.event, **form.cleaned_data)
        return redirect(f"{self.get_success_url()}?on={form.cleaned_data['on']}")


class CountLinksView(VisitorsFormView):
    """List all links with their counts, and a form for another one."""

    form_class = CountLinkForm
    template_name = "events/visitors/links.html"
    refusal = actions.ONLY_PLANNERS
    success_name = "events:visitors_links"
    success_message = gettext_lazy("The link is made. Copy it and pass it on.")

    def save(self, form: CountLinkForm) -> None:
        actions.make_count_link(access=self.access, event=self.event, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        for_guests = is_open_to_guests(self.event)
        rows = [
            (
                link,
                absolute_url(reverse("counting", args=[actions.count_link_token(link)]))
                if for_guests and link.taken_back_at is None
                else "",
            )
            for link in count_links_of(self.event)
        ]
        return super().get_context_data(**kwargs) | {"rows": rows, "for_guests": for_guests}


@event_action(
    "events:visitors_links",
    success=gettext_lazy("The link opens no more. What was counted by it stays."),
)
def end_count_link(request: HttpRequest, access: Access, event: Event, link: UUID) -> None:
    """Revoke a link."""
    actions.revoke_count_link(access=access, link=get_object_or_404(CountLink, event=event, uuid=link))


# Counting visitors on a phone: by a link without an account, or as a member. The page works without
# JavaScript; with it the phone stores taps while offline and sends them later.

type TapCounter = Callable[..., list[TapResult]]  # an action, called with `taps`


@require_http_methods(["GET", "HEAD", "POST"])
def counter_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the counter by a link. Raises Http404 for an unknown or closed link."""
    link = open_count_link(token)
    if link is None:
        raise Http404
    addresses = (reverse("counting", args=[token]), reverse("counting_taps", args=[token]))
    count = partial(actions.count_by_link, link=link)
    return private_response(_counter_response(request, link.event, count, *addresses))


@require_POST
def submit_taps_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Accept the taps that a phone stored. A closed link returns 410, because Django redirects a
    404 at a URL without a language prefix."""
    link = open_count_link(token)
    if link is None:
        return private_response(JsonResponse({"why": _("This link opens no more.")}, status=410))
    return private_response(_taps_response(request, link.event, partial(actions.count_by_link, link=link)))


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """Render the counter for members who prepare the event."""
    access, found = get_counted_event_or_404(request, event)
    addresses = [reverse(f"events:{name}", args=[event]) for name in ("visitors_count", "visitors_taps")]
    back = reverse("events:visitors", args=[event])
    count = partial(actions.count_as_member, access=access, event=found)
    return _counter_response(request, found, count, *addresses, back=back)


@member_required
@require_POST
def submit_taps_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    access, found = get_counted_event_or_404(request, event)
    return _taps_response(request, found, partial(actions.count_as_member, access=access, event=found))


def _counter_response(
    request: HttpRequest, event: Event, count: TapCounter, page: str, taps: str, *, back: str = ""
) -> HttpResponse:
    """Render the buttons and today's counts. A POST redirects here, so that a reload sends nothing
    again; a refused one returns the error message."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            (answer,) = count(taps=[parse_form_tap(request.POST, now())])
        except Refused as refused:
            refusal, status = refused.message, 429 if isinstance(refused, TooManyRequests) else 422
        else:
            if answer == TapResult.YES:
                return redirect(page)
            refusal, status = str(answer.label), 409
    numbers = _today(event)
    closed = (
        ""
        if actions.takes_place_on(event, event.today)
        else _("Visitors are counted on the days of the event.")
    )
    context = {
        "event": event,
        "title": event_title(event),
        "groups": [(one.value, str(one.label), numbers[one.value]) for one in VisitorGroup],
        "taps": TAPS,
        "mark": uuid4(),
        "closed": closed if event.cancelled_at is None else _("The event is cancelled."),
        "refusal": refusal,
        "page": page,
        "send_to": taps,
        "back": back,
        "words": {  # messages of the script
            "online": _("Online"),
            "offline": _("Offline: what you press is kept and sent later."),
            "waiting": _("Not sent yet: {number}"),
            "sent": _("All is sent."),
            "signed_out": _("Load this page anew and sign in: what was not sent is kept on this phone."),
            "ended": _("This link opens no more. What was not sent is lost."),
        },
    }
    return render(request, "events/visitors/count.html", context, status=status)


def _taps_response(request: HttpRequest, event: Event, count: TapCounter) -> HttpResponse:
    """Accept many taps at once; return one result per tap, and today's counts."""
    try:
        taps = parse_taps(request.body, now())
        answers = count(taps=taps)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooManyRequests) else 422
        return JsonResponse({"why": refusal.message}, status=status)
    results = [
        {"mark": str(tap.mark), "said": one.value, "words": "" if one == TapResult.YES else str(one.label)}
        for tap, one in zip(taps, answers, strict=True)
    ]
    return JsonResponse({"answers": results, "numbers": _today(event)})


def _today(event: Event) -> dict[str, int]:
    """Return today's people by group."""
    found = dict.fromkeys(VisitorGroup.values, 0)
    for (_on, _hour, group), people in counts_of(event, event.today).items():
        found[group] += people
    return found
