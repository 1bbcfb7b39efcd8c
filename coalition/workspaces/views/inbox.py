"""The inbox: what the person is told of, unread first."""

import datetime
import itertools
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coalition.workspaces import access, undo
from coalition.workspaces.domain.inbox import mark_all_read, mark_read, mark_unread
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.queries import notifications_for
from coalition.workspaces.notifications.words import Told, tell
from coalition.workspaces.queries import workspaces_for

PAGE = 50


@dataclass(frozen=True)
class Day:
    """What came on one day, either unread or read."""

    unread: bool
    day: datetime.date
    told: list[Told]


@access.members_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything the person is told of, unread first, by days; `?workspace=` shows one workspace's."""
    person = access.person(request)
    places = list(workspaces_for(person).order_by("title"))
    chosen = _chosen(request.GET.get("workspace", ""), places)
    unread_first = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField()).asc()
    rows = notifications_for(person).order_by(unread_first, "-at", "-id")
    if chosen is not None:
        rows = rows.filter(workspace=chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = tell(access.viewer(request), page)
    context = {
        "nav_current": "inbox",
        "page": page,
        "query": f"workspace={chosen.uuid}&" if chosen else "",
        "days": _by_days(told),
        "places": places,
        "chosen": chosen,
        "unread_here": any(one.unread for one in told),
    }
    return render(request, "workspaces/inbox.html", context)


@access.members_only
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark what was sent as `notification`, or with `all` everything (of `workspace`), as read."""
    person = access.person(request)
    chosen = _chosen(request.POST.get("workspace", ""), list(workspaces_for(person)))
    if "all" in request.POST:
        batch, count = mark_all_read(person=person, workspace=chosen)
    else:
        batch, count = mark_read(person=person, notifications=_uuids(request.POST.getlist("notification")))
    if count:
        text = ngettext("%(count)s is marked as read.", "%(count)s are marked as read.", count)
        url = reverse("workspaces:inbox_unread", args=[batch])
        undo.offer(request, text=text % {"count": count}, url=url)
    return redirect(_back(chosen))


@access.members_only
@require_POST
def take_back(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Mark as unread again what was marked as read together."""
    if not mark_unread(person=access.person(request), batch=batch):
        raise Http404
    messages.success(request, _("Unread again."))
    return redirect("workspaces:inbox")


def _chosen(sent: str, places: list[Workspace]) -> Workspace | None:
    """The workspace of the filter; an unknown one is none."""
    return next((place for place in places if str(place.uuid) == sent), None)


def _back(chosen: Workspace | None) -> str:
    query = {"workspace": str(chosen.uuid)} if chosen else None
    return reverse("workspaces:inbox", query=query)


def _uuids(sent: list[str]) -> list[UUID]:
    found = []
    for one in sent:
        try:
            found.append(UUID(one))
        except ValueError:
            raise Http404 from None
    return found


def _by_days(told: list[Told]) -> list[Day]:
    """In the order of the list: its days, the unread ones apart from the read ones."""
    groups = itertools.groupby(told, key=lambda one: (one.unread, timezone.localtime(one.at).date()))
    return [Day(unread=is_unread, day=day, told=list(rows)) for (is_unread, day), rows in groups]
