"""The inbox: the person's notifications, unread first."""

import datetime
import itertools
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.actions import notifications as actions_notifications
from coalition.workspaces.actions.notifications import (
    change_notification_settings,
    mark_all_read,
    mark_read,
    mark_unread,
)
from coalition.workspaces.forms import NotificationSettingsForm, initial_settings
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.push import RENEWED, public_key
from coalition.workspaces.notifications.queries import browsers_of, muted_by, notifications_for, settings_of
from coalition.workspaces.notifications.sentences import NotificationSentence, describe_notifications
from coalition.workspaces.queries import workspaces_for

NOTIFICATIONS_ON_A_PAGE = 50


@dataclass(frozen=True)
class InboxDay:
    """Notifications of one day, either unread or read."""

    unread: bool
    day: datetime.date
    told: list[NotificationSentence]


@member_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Display all notifications, unread first, by days; `?workspace=` filters by one workspace."""
    person = get_person(request)
    places = list(workspaces_for(person).order_by("title"))
    chosen = _chosen_workspace(request.GET.get("workspace", ""), places)
    unread_first = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField()).asc()
    rows = notifications_for(person).order_by(unread_first, "-at", "-id")
    if chosen is not None:
        rows = rows.filter(workspace=chosen)
    page = Paginator(rows, NOTIFICATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    told = describe_notifications(get_viewer(request), page)
    context = {
        "nav_current": "inbox",
        "page": page,
        "query": f"workspace={chosen.uuid}&" if chosen else "",
        "days": _group_by_day(told),
        "places": places,
        "chosen": chosen,
        "unread_here": any(one.unread for one in told),
    }
    return render(request, "workspaces/inbox.html", context)


@member_required
@require_POST
def mark_as_read(request: HttpRequest) -> HttpResponse:
    """Mark the posted `notification`, or with `all` everything (of `workspace`), as read."""
    person = get_person(request)
    chosen = _chosen_workspace(request.POST.get("workspace", ""), list(workspaces_for(person)))
    if "all" in request.POST:
        batch, count = mark_all_read(person=person, workspace=chosen)
    else:
        batch, count = mark_read(
            person=person, notifications=_parse_uuids(request.POST.getlist("notification"))
        )
    if count:
        text = ngettext("%(count)s is marked as read.", "%(count)s are marked as read.", count)
        url = reverse("workspaces:inbox_unread", args=[batch])
        visits.offer_undo(request, text=text % {"count": count}, url=url)
    return redirect(_inbox_url(chosen))


@member_required
@require_POST
def mark_as_unread(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Mark a batch as unread again."""
    if not mark_unread(person=get_person(request), batch=batch):
        raise Http404
    messages.success(request, _("Unread again."))
    return redirect("workspaces:inbox")


def _chosen_workspace(sent: str, places: list[Workspace]) -> Workspace | None:
    """Return the workspace of the filter; None for an unknown one."""
    return next((place for place in places if str(place.uuid) == sent), None)


def _inbox_url(chosen: Workspace | None) -> str:
    query = {"workspace": str(chosen.uuid)} if chosen else None
    return reverse("workspaces:inbox", query=query)


def _parse_uuids(sent: list[str]) -> list[UUID]:
    found = []
    for one in sent:
        try:
            found.append(UUID(one))
        except ValueError:
            raise Http404 from None
    return found


def _group_by_day(told: list[NotificationSentence]) -> list[InboxDay]:
    """Group by day in the order of the list, unread separate from read."""
    groups = itertools.groupby(told, key=lambda one: (one.unread, timezone.localtime(one.at).date()))
    return [InboxDay(unread=is_unread, day=day, told=list(rows)) for (is_unread, day), rows in groups]


# --- notifications ---
# Notification settings, and the browsers that accept push.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings_page(request: HttpRequest) -> HttpResponse:
    """Edit when the person gets mail and push."""
    person = get_person(request)
    places = list(workspaces_for(person).order_by("title"))
    muted = muted_by(person)
    form = NotificationSettingsForm(
        request.POST if request.method == "POST" else None,
        places=places,
        initial=initial_settings(settings_of(person), [place for place in places if place.pk in muted]),
    )
    if request.method == "POST" and form.is_valid():
        change_notification_settings(person=person, **form.wishes)
        messages.success(request, _("Saved."))
        return redirect("workspaces:notifications")
    context = {
        "nav_current": "inbox",
        "form": form,
        "zone": person.time_zone,
        "push_key": public_key(),
        "woken": browsers_of([person]).count(),
    }
    return form_page(request, "workspaces/notifications.html", context)


@member_required
@require_POST
def push_allow(request: HttpRequest) -> HttpResponse:
    """Allow push to the browser at the address from its push service."""
    if not public_key():
        return JsonResponse({"on": False}, status=404)
    try:
        actions_notifications.allow_push(
            person=get_person(request),
            address=request.POST.get("address", ""),
            session_key=request.session.session_key or "",
        )
    except Refused as refusal:
        return JsonResponse({"on": False, "why": refusal.message}, status=422)
    request.session[RENEWED] = True
    return JsonResponse({"on": True})


@member_required
@require_POST
def push_renew(request: HttpRequest) -> HttpResponse:
    """Renew a browser's permission from an earlier session of the same person."""
    on = actions_notifications.renew_push(
        person=get_person(request),
        address=request.POST.get("address", ""),
        session_key=request.session.session_key or "",
    )
    request.session[RENEWED] = True
    return JsonResponse({"on": on})


@member_required
@require_POST
def push_stop(request: HttpRequest) -> HttpResponse:
    """Stop push to this browser (`address`), or to all of the person's."""
    address = request.POST.get("address", "")
    actions_notifications.stop_push(person=get_person(request), address=address)
    if address:
        return JsonResponse({"on": False})
    messages.success(request, _("No browser of yours is woken any more."))
    return redirect("workspaces:notifications")


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker script. It is also fetched without a session and has no personal data:
    it displays one sentence, in the language of its URL."""
    language = request.GET.get("language", "")
    with override(language if language in Language.values else Language.KK):
        return render(request, "workspaces/push.js", content_type="text/javascript")
