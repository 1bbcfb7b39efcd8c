"""The inbox: the person's notifications, unread first."""

import itertools
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.forms import NotificationSettingsForm
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.models import NotificationSettings, Workspace
from coalition.workspaces.notifications.deliver import RENEWED, describe_notifications, public_key
from coalition.workspaces.notifications.notify import (
    allow_push,
    change_notification_settings,
    mark_all_read,
    mark_read,
    mark_unread,
    renew_push,
    stop_push,
)
from coalition.workspaces.notifications.queries import browsers_of, muted_by, notifications_for, settings_of
from coalition.workspaces.queries import workspaces_for

NOTIFICATIONS_ON_A_PAGE = 50


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
    sentences = describe_notifications(get_viewer(request), page)
    groups = itertools.groupby(sentences, key=lambda one: (one.unread, timezone.localtime(one.at).date()))
    context = {
        "nav_current": "inbox",
        "page": page,
        "query": f"workspace={chosen.uuid}&" if chosen else "",
        "days": [(unread, day, list(rows)) for (unread, day), rows in groups],
        "places": places,
        "chosen": chosen,
        "unread_here": any(one.unread for one in sentences),
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
        try:
            notifications = [UUID(one) for one in request.POST.getlist("notification")]
        except ValueError:
            raise Http404 from None
        batch, count = mark_read(person=person, notifications=notifications)
    if count:
        text = ngettext("%(count)s is marked as read.", "%(count)s are marked as read.", count)
        url = reverse("workspaces:inbox_unread", args=[batch])
        visits.offer_undo(request, text=text % {"count": count}, url=url)
    return redirect(reverse("workspaces:inbox", query={"workspace": chosen.uuid} if chosen else None))


@member_required
@require_POST
def mark_as_unread(request: HttpRequest, batch: UUID) -> HttpResponse:
    if not mark_unread(person=get_person(request), batch=batch):
        raise Http404
    messages.success(request, _("Unread again."))
    return redirect("workspaces:inbox")


def _chosen_workspace(sent: str, places: list[Workspace]) -> Workspace | None:
    """Return the workspace of the filter; None for an unknown one."""
    return next((place for place in places if str(place.uuid) == sent), None)


class NotificationSettingsView(MemberFormView):
    form_class = NotificationSettingsForm
    template_name = "workspaces/notifications.html"
    success_message = gettext_lazy("Saved.")
    success_url = reverse_lazy("workspaces:notifications")

    def get_instance(self) -> NotificationSettings:
        return settings_of(get_person(self.request))

    def get_form_kwargs(self) -> dict[str, Any]:
        person = get_person(self.request)
        return super().get_form_kwargs() | {
            "workspaces": workspaces_for(person).order_by("title"),
            "initial": {"muted": Workspace.objects.filter(pk__in=muted_by(person))},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = get_person(self.request)
        return super().get_context_data(**kwargs) | {
            "nav_current": "inbox",
            "zone": person.time_zone,
            "push_key": public_key(),
            "woken": browsers_of([person]).count(),
        }

    def save(self, form: NotificationSettingsForm) -> None:
        change_notification_settings(person=get_person(self.request), **form.cleaned_data)


def _browser(request: HttpRequest) -> dict[str, Any]:
    return {
        "person": get_person(request),
        "address": request.POST.get("address", ""),
        "session_key": request.session.session_key or "",
    }


@member_required
@require_POST
def push_allow(request: HttpRequest) -> HttpResponse:
    """Allow push to the browser at the address from its push service."""
    if not public_key():
        return JsonResponse({"on": False}, status=404)
    try:
        allow_push(**_browser(request))
    except Refused as refusal:
        return JsonResponse({"on": False, "why": refusal.message}, status=422)
    request.session[RENEWED] = True
    return JsonResponse({"on": True})


@member_required
@require_POST
def push_renew(request: HttpRequest) -> HttpResponse:
    """Renew a browser's permission from an earlier session of the same person."""
    on = renew_push(**_browser(request))
    request.session[RENEWED] = True
    return JsonResponse({"on": on})


@member_required
@require_POST
def push_stop(request: HttpRequest) -> HttpResponse:
    """Stop push to this browser (`address`), or to all of the person's."""
    address = request.POST.get("address", "")
    stop_push(person=get_person(request), address=address)
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
