"""Hosting together: asking organisations, taking a request back, and answering for one's own."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_mark_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that
from events.cohosts.actions import answer_co_host, ask_co_hosts, leave_hosting, take_back
from events.core.enums import Consent
from events.core.forms.planning import CoHostsForm
from events.core.models import CoHost
from events.core.permissions import may_change, title_of, to_own_event
from events.core.presenters import host_rows, place_facts, when_of
from events.core.queries import asked_of, hosted_by


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def co_hosts(request: HttpRequest, event: UUID) -> HttpResponse:
    """Who hosts and who was asked; on POST, asking others."""
    access, found = to_own_event(request, event)
    require_that(may_change(access, found), _("Editors and coordinators ask others to host together."))
    viewer = get_viewer(request)
    form = CoHostsForm(
        request.POST if request.method == "POST" else None, access=access, viewer=viewer, event=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            ask_co_hosts(access=access, event=found, organisations=form.cleaned_data["organisations"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Asked. Their representatives find it on their first page."))
            return redirect("events:co_hosts", found.uuid)
    context = {
        "access": access,
        "workspace": access.workspace,
        "event": found,
        "title": title_of(found),
        "hosts": host_rows(found, viewer),
        "form": form,
    }
    return form_page(request, "events/desk/co_hosts.html", context)


@member_required
@require_POST
def take_request_back(request: HttpRequest, event: UUID, organisation: UUID) -> HttpResponse:
    """No longer ask an organisation, or no longer host together with it."""
    access, found = to_own_event(request, event)
    row = get_object_or_404(found.co_hosts, organisation__uuid=organisation)
    take_back(access=access, co_host=row)
    messages.success(request, _("Taken back. Ask again whenever you want."))
    return redirect("events:co_hosts", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_hosting(request: HttpRequest, event: UUID) -> HttpResponse:
    """A representative's page: what is asked, and the answer. Works without a seat in the workspace."""
    rows = _mine(request, event)
    if request.method == "POST":
        row = next(
            (row for row in rows if str(row.organisation.uuid) == request.POST.get("organisation")), None
        )
        if row is None:
            raise Http404
        with flash_result(request):
            messages.success(request, _answer(request, row))
        return redirect("events:answer_co_hosting", event)
    viewer, found = get_viewer(request), rows[0].event
    hosts = any(row.state == Consent.CONSENTED for row in rows)
    context = {
        "event": found,
        "title": title_of(found),
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
    return render(request, "events/desk/answer_hosting.html", context)


def _mine(request: HttpRequest, event: UUID) -> list[CoHost]:
    """Requests and consents of organisations that the person represents; 404 without one."""
    user = get_person(request)
    rows = CoHost.objects.filter(
        Q(pk__in=asked_of(user).values("pk")) | Q(pk__in=hosted_by(user).values("pk")), event__uuid=event
    )
    found = list(rows.select_related("event__workspace", "event__organisation", "organisation"))
    if not found:
        raise Http404
    return found


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
