"""The plan for the official petition at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import display_mark_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.forms.petition import (
    PlanForm,
    PledgeForm,
    StartPlanForm,
    proposed_steps,
    step_forms,
)
from coalition.campaigns.appeals.models import Appeal, PetitionPlan
from coalition.campaigns.appeals.permissions import may_plan_petition, may_pledge, require_that
from coalition.campaigns.appeals.planner import actions
from coalition.campaigns.appeals.planner.presenters import pledge_rows
from coalition.campaigns.appeals.planner.schedule import dated_steps, initiators_of
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Begin a plan, look at it, change it."""
    access, found = appeal_of(request, appeal)
    known = PetitionPlan.objects.filter(appeal=found).first()
    if request.method == "POST":
        require_that(may_plan_petition(access), _("Those who plan events plan the petition."))
    if known is None:
        return _start(request, access, found)
    form = PlanForm(request.POST or None, plan=known)
    steps = step_forms(known, request.POST or None)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            actions.change_plan(
                access=access, plan=known, steps=proposed_steps(known, steps), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:appeal_petition", found.uuid)
    if steps.is_bound and not steps.is_valid():
        form.add_error(None, _("Look at the steps below: one of them is not complete."))
    pledges = list(known.pledges.select_related("organisation"))
    reader = get_viewer(request)
    context = desk_context(
        access,
        found,
        tab="official",
        plan=known,
        form=form,
        steps=steps,
        dated=dated_steps(known.steps.select_related("event"), known.files_on),
        initiators=initiators_of(pledges, known.needed),
        pledges=pledge_rows(pledges, access, reader, may_plan=may_plan_petition(access)),
        may_plan=may_plan_petition(access),
        may_pledge=may_pledge(access),
        own_mark=display_mark_for(reader, access.organisation),
    )
    return form_page(request, "campaigns/appeals/desk/petition.html", context)


def _start(request: HttpRequest, access: Access, found: Appeal) -> HttpResponse:
    form = StartPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.start_plan(access=access, appeal=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("files_on", refusal.message)
        else:
            return redirect("campaigns:appeal_petition", found.uuid)
    context = desk_context(
        access, found, tab="official", form=form, plan=None, may_plan=may_plan_petition(access)
    )
    return form_page(request, "campaigns/appeals/desk/petition_start.html", context)


@member_required
@require_POST
def calendar(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Put the steps into the workspace's calendar, or take them out (`act` is "end")."""
    access, found = appeal_of(request, appeal)
    known = get_object_or_404(PetitionPlan, appeal=found)
    if request.POST.get("act") == "end":
        with flash_result(request, _("The deadlines are cancelled in the calendar.")):
            actions.take_out_of_calendar(access=access, plan=known)
    else:
        with flash_result(
            request, _("The steps stand in the calendar as deadlines, and follow every change.")
        ):
            actions.put_into_calendar(access=access, plan=known)
    return redirect("campaigns:appeal_petition", found.uuid)


@member_required
@require_POST
def pledge(request: HttpRequest, appeal: UUID, organisation: UUID) -> HttpResponse:
    """Note how many people one organisation promises and has found."""
    access, found = appeal_of(request, appeal)
    known = get_object_or_404(PetitionPlan, appeal=found)
    about = get_object_or_404(participants(access.workspace), uuid=organisation)
    form = PledgeForm(request.POST)
    if form.is_valid():
        with flash_result(request, _("Saved.")):
            actions.set_pledge(access=access, plan=known, organisation=about, **form.cleaned_data)
    else:
        messages.error(request, _("Give two whole numbers: how many are promised, how many are found."))
    return redirect("campaigns:appeal_petition", found.uuid)
