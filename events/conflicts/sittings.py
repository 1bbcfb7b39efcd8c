"""Sittings that people enter, so that no event is planned at the same time."""

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
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from documents.drafts.permissions import require_that
from events.conflicts.forms import SittingForm
from events.conflicts.models import Sitting
from events.core.formatting import span_in_words
from events.core.permissions import may_plan

MAX_SITTING_LENGTH = datetime.timedelta(days=31)


def enter_sitting(
    *, access: Access, body: str, region: str, starts_at: datetime.datetime, ends_at: datetime.datetime
) -> Sitting:
    """Enter a sitting in the access's workspace. `region` empty: it matters everywhere.

    Raises NotAllowed without the right to plan, Refused with a reason if it ends before it begins or
    lasts longer than a month.
    """
    require_that(may_plan(access))
    if ends_at <= starts_at:
        raise Refused(gettext_lazy("The sitting ends before it begins: check the times."))
    if ends_at - starts_at > MAX_SITTING_LENGTH:
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
        _audit_sitting(sitting, access, "sitting.entered")
    return sitting


def remove_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Remove a sitting from the calendar. `restore_sitting` undoes it. Idempotent."""
    return _set_sitting_removed(access, sitting, removed=True)


def restore_sitting(*, access: Access, sitting: Sitting) -> Sitting:
    """Restore a removed sitting: the undo of `remove_sitting`."""
    return _set_sitting_removed(access, sitting, removed=False)


def _set_sitting_removed(access: Access, sitting: Sitting, *, removed: bool) -> Sitting:
    with transaction.atomic():
        locked = Sitting.objects.select_for_update().get(pk=sitting.pk, workspace=access.workspace)
        require_that(may_plan(access))
        if (locked.removed_at is not None) == removed:
            return locked
        locked.removed_at = now() if removed else None
        locked.save(update_fields=["removed_at"])
        _audit_sitting(locked, access, "sitting.removed" if removed else "sitting.brought_back")
    return locked


def _audit_sitting(sitting: Sitting, access: Access, action: str) -> None:
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
# Querysets of sittings.


def sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Return sittings entered in the person's workspaces, without removed ones."""
    return _visible_sittings(user, workspace).filter(removed_at=None)


def removed_sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Return removed sittings that can be restored."""
    return _visible_sittings(user, workspace).exclude(removed_at=None)


def sittings_between(
    sittings: QuerySet[Sitting], first: datetime.datetime, last: datetime.datetime
) -> QuerySet[Sitting]:
    """Return those that overlap the range between two aware moments."""
    return sittings.filter(starts_at__lt=last, ends_at__gt=first)


def _visible_sittings(user: object, workspace: Workspace | None) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(workspace__in=workspaces_for(user))
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation")


# --- views ---
# Views of sittings, entered to avoid planning against them.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def sittings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List upcoming sittings; on POST, enter one."""
    access = get_access(request, workspace)
    form = SittingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_that(may_plan(access), _("Editors and coordinators enter sittings here."))
        if form.is_valid() and _enter_from_form(access, form):
            messages.success(request, _("Entered. Whoever plans against it is told."))
            return redirect("events:sittings", access.workspace.uuid)
    rows = sittings_for(request.user, access.workspace).filter(ends_at__gte=now())
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "calendar",
        "form": form,
        "rows": [_sitting_row(request, one) for one in rows.order_by("starts_at", "id")],
        "may_plan": may_plan(access),
    }
    return form_page(request, "events/desk/sittings.html", context)


def _enter_from_form(access: Access, form: SittingForm) -> bool:
    asked = {name: form.cleaned_data[name] for name in ("body", "region", "starts_at", "ends_at")}
    try:
        enter_sitting(access=access, **asked)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _sitting_row(request: HttpRequest, sitting: Sitting) -> dict[str, object]:
    return {
        "sitting": sitting,
        "when": span_in_words(timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)),
        "region": REGIONS.get(sitting.region, ""),
        "by": display_name_for(get_viewer(request), sitting.organisation),
    }


@member_required
@require_POST
def remove_sitting_view(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Remove a sitting, with an undo."""
    access = get_access(request, workspace)
    found = get_object_or_404(sittings_for(request.user, access.workspace), uuid=sitting)
    remove_sitting(access=access, sitting=found)
    back = reverse("events:sitting_bring_back", args=[access.workspace.uuid, found.uuid])
    visits.offer_undo(request, text=_("The sitting is removed."), url=back)
    return redirect("events:sittings", access.workspace.uuid)


@member_required
@require_POST
def restore_sitting_view(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Restore a removed sitting."""
    access = get_access(request, workspace)
    found = get_object_or_404(removed_sittings_for(request.user, access.workspace), uuid=sitting)
    restore_sitting(access=access, sitting=found)
    messages.success(request, _("The sitting is in the calendar again."))
    return redirect("events:sittings", access.workspace.uuid)
