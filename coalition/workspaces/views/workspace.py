"""The dashboard, pages of a workspace, and their polling."""

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from coalition import live_push
from coalition.accounts.models import User
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.permissions import is_secretariat
from coalition.accounts.queries import organisations_with
from coalition.accounts.views.access import get_person, get_viewer
from coalition.audit.log import action_label
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces import dashboard as workspaces_dashboard, queries, visits
from coalition.workspaces.access import choose_acting_organisation, get_access, member_required, post_action
from coalition.workspaces.actions import workspaces
from coalition.workspaces.actions.workspaces import describe_workspace
from coalition.workspaces.context_processors import get_missing_requirements, get_waiting_items, waiting_label
from coalition.workspaces.forms import WorkspaceForm
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.models import Activity, Workspace
from coalition.workspaces.notifications.deliver import unread_label
from coalition.workspaces.notifications.notify import get_unread, mark_subjects_read
from coalition.workspaces.permissions import Access, NotAllowed
from coalition.workspaces.sentence_params import (
    ActivitySentence,
    PersonCircle,
    describe_activities,
    person_circle,
    person_name,
)

ENTRIES_ON_A_PAGE = 50


@member_required
def all_workspaces(request: HttpRequest) -> HttpResponse:
    """List every workspace in which the person has a seat, archived ones last."""
    user = get_person(request)
    rows = sorted(
        queries.workspaces_for(user), key=lambda row: (row.archived_at is not None, row.title.lower())
    )
    missing = get_missing_requirements(request)
    context = {
        "nav_current": "workspaces",
        "workspaces": rows,
        "may_create": is_secretariat(user),
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
    }
    return render(request, "workspaces/all.html", context)


@member_required
def overview(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    mark_subjects_read(request, access.workspace.uuid)
    viewer = get_viewer(request)
    organisations = list(queries.participants(access.workspace))
    context = {
        "access": access,
        "marks": [display_mark_for(viewer, row) for row in organisations],
        "frozen_count": sum(row.frozen for row in organisations),  # type: ignore[attr-defined]  # annotated
        "seat_count": queries.seats_in(access.workspace).count(),
        "news": describe_activities(viewer, queries.activity_for(access.user, access.workspace)[:10]),
        "acting_for": display_name_for(viewer, access.organisation),
        "here": _present_circles(request, access),
    }
    return render(request, "workspaces/overview.html", context)


@member_required
@require_safe
def present_people(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Render who has the workspace open now, as a part of its front page."""
    access = get_access(request, workspace)
    return render(
        request, "workspaces/_here.html", {"access": access, "here": _present_circles(request, access)}
    )


def _present_circles(request: HttpRequest, access: Access) -> list[PersonCircle]:
    """Return the other people present, named as the viewer may see them."""
    viewer = get_viewer(request)
    rows = queries.present_seats(access.workspace).exclude(person=access.user)
    return [person_circle(viewer, seat.person, seat.organisation) for seat in rows]


@member_required
def workspace_activity(request: HttpRequest, workspace: UUID) -> HttpResponse:
    access = get_access(request, workspace)
    rows = queries.activity_for(access.user, access.workspace)
    page = Paginator(rows, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "page": page, "rows": describe_activities(get_viewer(request), page)}
    return render(request, "workspaces/activity.html", context)


@member_required
def workspace_audit_log(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Display the audit log to coordinators. Entries past their retention name no person."""
    access = get_access(request, workspace)
    if not access.may(Right.MANAGE):
        raise NotAllowed
    page = Paginator(queries.audit_for(access.user, access.workspace), ENTRIES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    viewer = get_viewer(request)
    mentioned = {entry.organisation for entry in page if entry.organisation}
    organisations = organisations_with(mentioned)
    lines = []
    for entry in page:
        organisation = organisations.get(entry.organisation) if entry.organisation else None
        lines.append(
            {
                "at": entry.at,
                "what": action_label(entry.action),
                "who": person_name(viewer, entry.actor, organisation) if entry.actor else "",
                "organisation": display_name_for(viewer, organisation) if organisation else "",
            }
        )
    return render(request, "workspaces/log.html", {"access": access, "page": page, "lines": lines})


SETTINGS_URL_NAME = "workspaces:settings"


class WorkspaceSettingsView(MemberFormView):
    form_class = WorkspaceForm
    template_name = "workspaces/settings.html"
    success_message = gettext_lazy("Saved.")
    access: Access

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        if not self.access.may(Right.MANAGE):
            raise NotAllowed

    def get_instance(self) -> Workspace:
        return self.access.workspace

    def get_success_url(self) -> str:
        return reverse(SETTINGS_URL_NAME, args=[self.access.workspace.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"access": self.access}

    def save(self, form: WorkspaceForm) -> None:
        describe_workspace(access=self.access, **form.cleaned_data)


@post_action(back=SETTINGS_URL_NAME)
def workspace_archive(request: HttpRequest, access: Access) -> None:
    workspaces.archive_workspace(access=access)
    visits.offer_undo(
        request,
        text=_("The workspace is archived. It can only be read now."),
        url=reverse("workspaces:take_back", args=[access.workspace.uuid]),
    )


@post_action(back=SETTINGS_URL_NAME)
def workspace_restore(request: HttpRequest, access: Access) -> None:
    workspaces.restore_workspace(access=access)
    messages.success(request, _("The workspace is back from the archive."))


@member_required
def acting_for(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Choose one of several organisations for this workspace, for a person with seats of each."""
    access = get_access(request, workspace)
    if request.method == "POST":
        choose_acting_organisation(request, access, request.POST.get("organisation", ""))
        return redirect(access.workspace)
    return render(request, "workspaces/act_for.html", {"access": access})


MOST_TEXTS = 12
MOST_NEWS = 12
NEXT_DAYS = datetime.timedelta(days=14)


@member_required
def dashboard(request: HttpRequest) -> HttpResponse:
    news, viewer = _recent_activity(request), get_viewer(request)
    more = [*workspaces_dashboard.work_sources, *workspaces_dashboard.coming_sources, news]
    user = request.user = workspaces_dashboard.prefilter_dashboard(get_person(request), more)
    work = [row for source in workspaces_dashboard.work_sources for row in source(user, viewer)]
    coming = [row for source in workspaces_dashboard.coming_sources for row in source(user, viewer)]
    missing = get_missing_requirements(request)
    moment = timezone.localtime(now())
    hours_from_utc = int((moment.utcoffset() or datetime.timedelta()).total_seconds() // 3600)
    context = {
        "nav_current": "home",
        "now": moment,
        "offset": f"{hours_from_utc:+d}",
        "missing": missing,
        "shut_out": any(one.shuts_out for one in missing),
        "waiting": get_waiting_items(request),
        "work": sorted(work, key=lambda row: row.changed_at, reverse=True)[:MOST_TEXTS],
        "coming": sorted((row for row in coming if row.at <= moment + NEXT_DAYS), key=lambda row: row.at),
        "since": visits.previous_visit(request),
        "news": news(user, viewer),
    }
    if not work:
        context["may_create"] = is_secretariat(user)
    return render(request, "workspaces/dashboard.html", context)


def _recent_activity(request: HttpRequest) -> workspaces_dashboard.OnlyIf[ActivitySentence]:
    """Return the source of activities of others since the person's last visit."""
    since = visits.previous_visit(request)

    def news_for(user: User) -> QuerySet[Activity]:
        rows = queries.activity_for(user).exclude(actor=user.pk)
        return rows if since is None else rows.filter(at__gt=since)

    return workspaces_dashboard.OnlyIf(
        news_for, lambda user, viewer: describe_activities(viewer, news_for(user)[:MOST_NEWS])
    )


MOST_TOPICS = 20


@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """Return the number of unread ones, and for each `?topic=` the id of its last row, if permitted.

    Not through `member_required`: polling is no visit, and a signed-out client needs no HTML page.
    """
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({}, status=401)
    topics = {}
    for topic in dict.fromkeys(request.GET.getlist("topic")[:MOST_TOPICS]):
        if live_push.may_subscribe(user_id=user.pk, topic=topic):
            topics[topic] = live_push.last_topic_id(user_id=user.pk, topic=topic)
    new, waiting = len(get_unread(request)), len(get_waiting_items(request))
    return JsonResponse(
        {
            "unread": new,
            "unread_words": unread_label(new),
            "waiting": waiting,
            "waiting_words": waiting_label(waiting),
            "topics": topics,
        }
    )
