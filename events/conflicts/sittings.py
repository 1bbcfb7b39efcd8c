"""Sittings that people enter, so that nobody plans against them."""

import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_name_for
from coalition.accounts.regions import REGIONS
from coalition.accounts.views.access import get_viewer
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import undo
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from documents.drafts.permissions import require_that
from events.conflicts.forms import SittingForm
from events.core.formatting import span_in_words
from events.core.permissions import may_plan
from events.partner_calendars.models import Sitting

LONGEST = datetime.timedelta(days=31)


def enter_sitting(
    *, access: Access, body: str, region: str, starts_at: datetime.datetime, ends_at: datetime.datetime
) -> Sitting:
    """Enter a sitting in the access's workspace. `region` empty: it matters everywhere.

    Raises NotAllowed without the right to plan, Refused in words if it ends before it begins or lasts
    longer than a month.
    """
    require_that(may_plan(access))
    if ends_at <= starts_at:
        raise Refused(gettext_lazy("The sitting ends before it begins: check the times."))
    if ends_at - starts_at > LONGEST:
        raise Refused(gettext_lazy("A sitting lasts a month at most: enter its days one by one."))
    with transaction.atomic():
        sitting = Sitting.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            entered_by=access.user,
            body=body.strip(),
            region=region,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        _record(sitting, access, "sitting.entered")
    return sitting


def remove_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Take a sitting out of the calendar. `bring_back_sitting` undoes it; removing it twice is one."""
    return _move(access, sitting, removed=True)


def bring_back_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Put a removed sitting into the calendar again: the undo of `remove_sitting`."""
    return _move(access, sitting, removed=False)


def _move(access: Access, sitting: Sitting, *, removed: bool) -> Sitting:
    with transaction.atomic():
        locked = Sitting.objects.select_for_update().get(pk=sitting.pk, workspace=access.workspace)
        require_that(may_plan(access))
        if (locked.removed_at is not None) == removed:
            return locked
        locked.removed_at = now() if removed else None
        locked.save(update_fields=["removed_at"])
        _record(locked, access, "sitting.removed" if removed else "sitting.brought_back")
    return locked


def _record(sitting: Sitting, access: Access, action: str) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role.value,
        target_kind="sitting",
        target=sitting.uuid,
        workspace=access.workspace.uuid,
    )


# --- queries ---
# Sittings that people entered: the only place where they come from.


def sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Sittings entered in workspaces of the person, the removed ones left out."""
    return _of(user, workspace).filter(removed_at=None)


def removed_sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Sittings that were removed and can be brought back."""
    return _of(user, workspace).exclude(removed_at=None)


def sittings_between(
    sittings: QuerySet[Sitting], first: datetime.datetime, last: datetime.datetime
) -> QuerySet[Sitting]:
    """Those that touch the time between two aware moments."""
    return sittings.filter(starts_at__lt=last, ends_at__gt=first)


def _of(user: object, workspace: Workspace | None) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(workspace__in=workspaces_for(user))
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation")


# --- views ---
# Sittings that people enter, so that nobody plans against them.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def sittings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Sittings that are still to come; on POST, entering one."""
    access = get_access(request, workspace)
    form = SittingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_that(may_plan(access), _("Editors and coordinators enter sittings here."))
        if form.is_valid() and _enter(access, form):
            messages.success(request, _("Entered. Whoever plans against it is told."))
            return redirect("events:sittings", access.workspace.uuid)
    rows = sittings_for(request.user, access.workspace).filter(ends_at__gte=now())
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "form": form,
        "rows": [_row(request, one) for one in rows.order_by("starts_at", "id")],
        "may_plan": may_plan(access),
    }
    return form_page(request, "events/desk/sittings.html", context)


def _enter(access: Access, form: SittingForm) -> bool:
    asked = {name: form.cleaned_data[name] for name in ("body", "region", "starts_at", "ends_at")}
    try:
        enter_sitting(access=access, **asked)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _row(request: HttpRequest, sitting: Sitting) -> dict[str, object]:
    return {
        "sitting": sitting,
        "when": span_in_words(timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)),
        "region": REGIONS.get(sitting.region, ""),
        "by": display_name_for(get_viewer(request), sitting.organisation),
    }


@member_required
@require_POST
def remove(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Take a sitting out, with an undo."""
    access = get_access(request, workspace)
    found = get_object_or_404(sittings_for(request.user, access.workspace), uuid=sitting)
    remove_sitting(access=access, sitting=found)
    back = reverse("events:sitting_bring_back", args=[access.workspace.uuid, found.uuid])
    undo.offer_undo(request, text=_("The sitting is removed."), url=back)
    return redirect("events:sittings", access.workspace.uuid)


@member_required
@require_POST
def bring_back(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Put a removed sitting into the calendar again."""
    access = get_access(request, workspace)
    found = get_object_or_404(removed_sittings_for(request.user, access.workspace), uuid=sitting)
    bring_back_sitting(access=access, sitting=found)
    messages.success(request, _("The sitting is in the calendar again."))
    return redirect("events:sittings", access.workspace.uuid)
