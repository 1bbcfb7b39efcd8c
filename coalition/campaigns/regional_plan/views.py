"""Who does what: the regional plan of a workspace."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.core.regional_actions import regional_actions
from coalition.campaigns.regional_plan import actions, queries
from coalition.campaigns.regional_plan.forms import CommitmentForm, NewCommitmentForm, OwnCountForm, ScopeForm
from coalition.campaigns.regional_plan.models import Commitment
from coalition.campaigns.regional_plan.permissions import may_change_commitment, may_lead_plan, may_see_plan
from coalition.campaigns.regional_plan.presenters import plan_messages, plan_regions, plan_table
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.spreadsheets.columns import csv_response


def _plan_access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_see_plan(access), _("The plan is for those who see drafts here."))
    return access


def _context(access: Access, **more: object) -> dict[str, Any]:
    return {"access": access, "workspace": access.workspace, "tab": "campaign", **more}


@member_required
@require_safe
def plan(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Regions by actions: gaps first, then what is promised and done."""
    access = _plan_access(request, workspace)
    scope = queries.plan_scope(access.workspace)
    rows = list(queries.commitments_for(access.user, access.workspace))
    states = queries.commitment_states(access.workspace, rows)
    shown = {(code, one.name) for code in scope.regions for one in scope.actions}
    may_add = may_change_commitment(access, access.organisation)
    context = _context(
        access,
        regions=plan_regions(access, get_viewer(request), scope, states, may_add=may_add),
        actions=scope.actions,
        gaps=[(REGIONS[code], [one.label for one in found]) for code, found in queries.gaps_in(scope, rows)],
        late=sum(state.is_overdue for state in states),
        hidden=sum((row.region, row.action) not in shown for row in rows),
        messages_ready=plan_messages(access.workspace, scope, states),
        may_add=may_add,
        may_lead=may_lead_plan(access),
    )
    return render(request, "campaigns/regional_plan/plan.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_commitment(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Enter a promise; region and action can stand in the address."""
    access = _plan_access(request, workspace)
    require_that(may_change_commitment(access, access.organisation), _("Members enter what they do."))
    form = NewCommitmentForm(
        request.POST or None,
        initial={name: request.GET.get(name) for name in ("region", "action")},
        access=access,
        viewer=get_viewer(request),
        scope=queries.plan_scope(access.workspace),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_commitment(access=access, **form.chosen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The promise is in the plan."))
            return redirect("campaigns:regional_plan", workspace)
    return form_page(request, "campaigns/regional_plan/new.html", _context(access, form=form))


def _commitment(request: HttpRequest, commitment: UUID, *, ended: bool = False) -> tuple[Access, Commitment]:
    """The promise, if the person may change it."""
    rows = queries.every_commitment_for(request.user)
    if ended:
        rows = rows.filter(ended_at__isnull=False)
    found = get_object_or_404(rows, uuid=commitment)
    access = get_access(request, found.workspace.uuid)
    require_that(
        may_change_commitment(access, found.organisation), _("You change your organisation's promises.")
    )
    return access, found


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Change a promise, say what was done, take it out."""
    access, found = _commitment(request, commitment)
    kind = next((one for one in regional_actions() if one.name == found.action), None)
    form_class = CommitmentForm if kind is not None and kind.done is not None else OwnCountForm
    viewer = get_viewer(request)
    form = form_class(request.POST or None, instance=found, access=access, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_commitment(access=access, commitment=found, **form.chosen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The promise is changed."))
            return redirect("campaigns:regional_plan", access.workspace.uuid)
    context = _context(
        access,
        form=form,
        commitment=found,
        region=REGIONS.get(found.region, found.region),
        action=kind,
        organisation=display_name_for(viewer, found.organisation),
    )
    return form_page(request, "campaigns/regional_plan/commitment.html", context)


@member_required
@require_POST
def end(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Take a promise out of the plan, and offer to put it back."""
    access, found = _commitment(request, commitment)
    with flash_result(request, _("The promise is taken out of the plan.")):
        actions.end_commitment(access=access, commitment=found)
    return redirect("campaigns:commitment", found.uuid)


@member_required
@require_POST
def resume(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Put a promise into the plan again."""
    access, found = _commitment(request, commitment, ended=True)
    with flash_result(request, _("The promise is in the plan again.")):
        actions.resume_commitment(access=access, commitment=found)
    return redirect("campaigns:regional_plan", access.workspace.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_settings(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Which regions and actions the plan has."""
    access = _plan_access(request, workspace)
    require_that(may_lead_plan(access), _("Those who plan choose regions and actions."))
    form = ScopeForm(request.POST or None, scope=queries.plan_scope(access.workspace))
    if request.method == "POST" and form.is_valid():
        actions.set_plan_scope(access=access, **form.cleaned_data)
        messages.success(request, _("Regions and actions are saved."))
        return redirect("campaigns:regional_plan", workspace)
    return form_page(request, "campaigns/regional_plan/settings.html", _context(access, form=form))


@member_required
@require_safe
def plan_csv(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The promises as a table, by the names that this person may read."""
    access = _plan_access(request, workspace)
    rows = list(queries.commitments_for(access.user, access.workspace))
    heads, cells = plan_table(get_viewer(request), queries.commitment_states(access.workspace, rows))
    return csv_response(heads, cells, "who-does-what.csv")
