"""Co-hosting views: ask organisations, withdraw a request, answer for one's own organisation."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.permissions import Access
from events.cohosts.actions import answer_co_host, ask_co_hosts, leave_hosting, remove_co_host
from events.core.enums import Consent
from events.core.forms.planning import CoHostsForm
from events.core.generic_views import EventFormView, event_action
from events.core.models import CoHost, Event, EventText
from events.core.permissions import event_title
from events.core.presenters import host_rows, place_facts, when_of
from events.core.queries import hosting_requests_of, hostings_of, text_in


class CoHostsView(EventFormView):
    """List hosts and requests; ask other organisations."""

    form_class = CoHostsForm
    template_name = "events/cohosts/co_hosts.html"
    refusal = gettext_lazy("Editors and coordinators ask others to host together.")
    success_name = "events:co_hosts"
    success_message = gettext_lazy("Asked. Their representatives find it on their first page.")

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"access": self.access, "viewer": get_viewer(self.request), "event": self.event}
        return super().get_form_kwargs() | more

    def save(self, form: CoHostsForm) -> None:
        ask_co_hosts(access=self.access, event=self.event, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hosts = host_rows(self.event, get_viewer(self.request))
        return super().get_context_data(**kwargs) | {"hosts": hosts}


@event_action("events:co_hosts", success=gettext_lazy("Taken back. Ask again whenever you want."))
def withdraw_co_host_request(request: HttpRequest, access: Access, event: Event, organisation: UUID) -> None:
    """Withdraw the request to an organisation, or end co-hosting with it."""
    remove_co_host(access=access, co_host=get_object_or_404(event.co_hosts, organisation__uuid=organisation))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_hosting(request: HttpRequest, event: UUID) -> HttpResponse:
    """Show a representative the request, and take the answer, also without a seat in the workspace."""
    user = get_person(request)
    represented = CoHost.objects.filter(
        Q(pk__in=hosting_requests_of(user).values("pk")) | Q(pk__in=hostings_of(user).values("pk")),
        event__uuid=event,
    )
    rows = list(represented.select_related("event__workspace", "event__organisation", "organisation"))
    if not rows:
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("organisation")
        row = next((row for row in rows if str(row.organisation.uuid) == chosen), None)
        if row is None:
            raise Http404
        with flash_result(request):
            messages.success(request, _answer(request, row))
        return redirect("events:answer_co_hosting", event)
    viewer, found = get_viewer(request), rows[0].event
    hosts = any(row.state == Consent.CONSENTED for row in rows)
    context = {
        "event": found,
        "title": event_title(found),
        "when": when_of(found),
        "facts": place_facts(found, knows_address=hosts),
        "tells_address": hosts or not found.address_for_confirmed,
        "planner": display_mark_for(viewer, found.organisation),
        "rows": [
            {
                "organisation": row.organisation.uuid,
                "mark": display_mark_for(viewer, row.organisation),
                "asked": row.state == Consent.ASKED,
            }
            for row in rows
        ],
    }
    return render(request, "events/cohosts/answer_hosting.html", context)


def _answer(request: HttpRequest, row: CoHost) -> str:
    user = get_person(request)
    word = request.POST.get("answer")
    if word == "leave":
        leave_hosting(user=user, co_host=row)
        return _("Your organisation no longer hosts this event and is not named any more.")
    answer_co_host(user=user, co_host=row, consents=word == "consent")
    if word == "consent":
        return _("Your organisation hosts this event too and is named as its organiser.")
    return _("You declined. Nobody is told why.")


AHEAD = datetime.timedelta(days=14)


@only_if(hosting_requests_of)
def hosting_asked(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Requests to host together that wait for the person as representative: two queries."""
    words = EventText.objects.defer("text", "component")
    for asked in hosting_requests_of(user).prefetch_related(Prefetch("event__texts", queryset=words)):
        told = {
            "planner": display_name_for(viewer, asked.event.organisation),
            "organisation": display_name_for(viewer, asked.organisation),
        }
        yield WaitingItem(
            icon="calendar",
            title=text_in(asked.event, get_language() or "").title,
            detail=_("%(planner)s asks whether %(organisation)s hosts this event too.") % told,
            url=reverse("events:answer_co_hosting", args=[asked.event.uuid]),
            action=_("Answer"),
            due=asked.event.starts_at,
            urgent=asked.event.starts_at - now() < AHEAD,
        )
