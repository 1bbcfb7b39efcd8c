"""Sittings that people enter, so that nobody plans against them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_name_for
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from coalition.workspaces import undo
from coalition.workspaces.rules import Access
from events.conflicts.formatting import span_in_words
from events.conflicts.forms import SittingForm
from events.conflicts.sittings.actions import bring_back_sitting, enter_sitting, remove_sitting
from events.conflicts.sittings.queries import removed_sittings_for, sittings_for
from events.core.permissions import may_plan, require_that
from events.partner_calendars.models import Sitting


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def sittings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Sittings that are still to come; on POST, entering one."""
    access = door.enter(request, workspace)
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
        "by": display_name_for(door.viewer(request), sitting.organisation),
    }


@door.members_only
@require_POST
def remove(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Take a sitting out, with an undo."""
    access = door.enter(request, workspace)
    found = get_object_or_404(sittings_for(request.user, access.workspace), uuid=sitting)
    remove_sitting(access=access, sitting=found)
    back = reverse("events:sitting_bring_back", args=[access.workspace.uuid, found.uuid])
    undo.offer(request, text=_("The sitting is removed."), url=back)
    return redirect("events:sittings", access.workspace.uuid)


@door.members_only
@require_POST
def bring_back(request: HttpRequest, workspace: UUID, sitting: UUID) -> HttpResponse:
    """Put a removed sitting into the calendar again."""
    access = door.enter(request, workspace)
    found = get_object_or_404(removed_sittings_for(request.user, access.workspace), uuid=sitting)
    bring_back_sitting(access=access, sitting=found)
    messages.success(request, _("The sitting is in the calendar again."))
    return redirect("events:sittings", access.workspace.uuid)
