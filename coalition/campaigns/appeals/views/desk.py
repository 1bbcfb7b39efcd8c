"""Appeals at the desk: prepared, opened, closed, given another text, and looked at."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.actions.manage import (
    change_appeal,
    close_appeal,
    create_appeal,
    open_appeal,
    set_official_petition,
)
from coalition.campaigns.appeals.actions.versions import add_version
from coalition.campaigns.appeals.desk_presenters import (
    appeal_rows,
    curve_rows,
    language_rows,
    progress_of,
    referral_rows,
    region_rows,
)
from coalition.campaigns.appeals.desk_queries import (
    appeals_for,
    counts_of_version,
    days_of_version,
    hand_overs_of,
    holds_of,
)
from coalition.campaigns.appeals.enums import HoldState
from coalition.campaigns.appeals.forms.desk import (
    AppealSettingsForm,
    AppealTextForm,
    NewAppealForm,
    OfficialPetitionForm,
)
from coalition.campaigns.appeals.mail_funnel import mail_funnel
from coalition.campaigns.appeals.models import Appeal, AppealVersion, PetitionPlan
from coalition.campaigns.appeals.permissions import may_lead_appeals, may_plan_petition, require_that
from coalition.campaigns.appeals.public_queries import closed_reason
from coalition.campaigns.appeals.records import past_counts
from coalition.campaigns.appeals.refusals import CLOSED_WORDS
from coalition.campaigns.appeals.versions import (
    current_version,
    is_as_published,
    is_corrected,
    versions_with_texts,
)
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.campaigns.core.generic_views import PrepareFromTextView
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access


@member_required
@require_safe
def appeals(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """The appeals of a workspace."""
    access = get_access(request, workspace)
    require_that(access.may(Right.SEE_DRAFTS), _("Appeals are for those who see drafts here."))
    context = {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "rows": appeal_rows(list(appeals_for(access.user, access.workspace))),
        "may_lead": may_lead_appeals(access),
    }
    return render(request, "campaigns/appeals/desk/list.html", context)


class NewAppeal(PrepareFromTextView):
    form_class = NewAppealForm
    template_name = "campaigns/appeals/desk/new.html"
    success_message = gettext_lazy("The appeal is prepared. Nobody sees it until you open it.")

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        require_that(may_lead_appeals(self.access), _("Coordinators prepare appeals."))

    def save(self, form: NewAppealForm) -> HttpResponse:
        return redirect("campaigns:appeal", create_appeal(access=self.access, **form.cleaned_data).uuid)


@member_required
@require_safe
def appeal(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Everything about one appeal, and what to do next."""
    access, found = appeal_of(request, appeal)
    mark_subjects_read(request, found.uuid)
    versions = list(versions_with_texts([found.pk]))
    context = desk_context(
        access,
        found,
        tab="overview",
        version=versions[0] if versions else None,
        **_numbers(request, access, found, versions),
        **_next_steps(access, found, versions),
    )
    return render(request, "campaigns/appeals/desk/appeal.html", context)


def _numbers(
    request: HttpRequest, access: Access, found: Appeal, versions: list[AppealVersion]
) -> dict[str, Any]:
    """What is counted: exact for those who lead, with small numbers suppressed for everyone else."""
    exact = may_lead_appeals(access)
    if not versions:
        return {"exact": exact}
    counts = counts_of_version(versions[0])
    return {
        "exact": exact,
        "total": counts.total,
        "progress": progress_of(found, counts.total),
        "regions": region_rows(counts, exact=exact),
        "languages": language_rows(counts, exact=exact),
        "days": curve_rows(days_of_version(versions[0])) if exact else [],
        "referrals": referral_rows(counts, access, get_viewer(request)),
        "mails": mail_funnel(found) if exact else [],
        "earlier": [(one, counts_of_version(one).total) for one in versions[1:]],
    }


def _next_steps(access: Access, found: Appeal, versions: list[AppealVersion]) -> dict[str, Any]:
    """What is there and what is missing."""
    holds = list(holds_of(found))
    hand_overs = list(hand_overs_of(found))
    version = versions[0] if versions else None
    reason = closed_reason(version, localdate(now())) if version is not None else ""
    return {
        "paused": CLOSED_WORDS[reason] if reason not in {"", "over", "changed"} else "",
        "corrected": version is not None and is_corrected(version),
        "reopens_until": found.reopens_until(localdate(now())),
        "may_reopen": found.may_reopen_on(localdate(now())),
        "differs": version is not None and not is_as_published(version),
        "waiting_holds": [one for one in holds if one.state == HoldState.WAITING],
        "decided_holds": [one for one in holds if one.state != HoldState.WAITING],
        "plan": PetitionPlan.objects.filter(appeal=found).first(),
        "hand_overs": hand_overs,
        "may_plan": may_plan_petition(access),
    }


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Address, goal and last day."""
    access, found = appeal_of(request, appeal)
    require_that(may_lead_appeals(access), _("Coordinators change appeals."))
    form = AppealSettingsForm(request.POST or None, appeal=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_appeal(access=access, appeal=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:appeal", found.uuid)
    context = desk_context(access, found, tab="settings", form=form)
    return form_page(request, "campaigns/appeals/desk/settings.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def open_to_public(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Show once more what becomes public, then open it."""
    access, found = appeal_of(request, appeal)
    require_that(may_lead_appeals(access), _("Coordinators open appeals."))
    if request.method == "POST":
        with flash_result(request, _("It is open: everybody can support it now.")):
            open_appeal(access=access, appeal=found)
            return redirect("campaigns:appeal", found.uuid)
    version = current_version(found)
    context = desk_context(access, found, tab="overview", version=version, again=found.opened_at is not None)
    return render(request, "campaigns/appeals/desk/open.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Take no more support."""
    access, found = appeal_of(request, appeal)
    if request.method == "POST":
        closed = _(
            "Closed. Who supports it stays, and can still withdraw. It can be opened again within seven days."
        )
        with flash_result(request, closed):
            close_appeal(access=access, appeal=found)
    return redirect("campaigns:appeal", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Its versions, and another text for it."""
    access, found = appeal_of(request, appeal)
    rows = list(versions_with_texts([found.pk]))
    may_lead = may_lead_appeals(access)
    form = AppealTextForm(request.POST or None, access=access, version=rows[0] if rows else None)
    if request.method == "POST":
        require_that(may_lead, _("Coordinators choose the text of an appeal."))
        if form.is_valid():
            try:
                add_version(access=access, appeal=found, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("This is its text from now on."))
                return redirect("campaigns:appeal_versions", found.uuid)
    context = desk_context(
        access,
        found,
        tab="versions",
        form=form,
        versions=[(one, counts_of_version(one).total) for one in rows],
        may_lead=may_lead,
    )
    return form_page(request, "campaigns/appeals/desk/versions.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def official(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Number, link and count of the official petition."""
    access, found = appeal_of(request, appeal)
    may_plan = may_plan_petition(access)
    form = OfficialPetitionForm(request.POST or None, appeal=found)
    if request.method == "POST":
        require_that(may_plan, _("Those who plan type in the official petition."))
        if form.is_valid():
            try:
                set_official_petition(access=access, appeal=found, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("as_of" if form.cleaned_data["count"] is not None else None, refusal.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("campaigns:appeal_official", found.uuid)
    context = desk_context(
        access,
        found,
        tab="official",
        form=form,
        may_plan=may_plan,
        history=past_counts(found.uuid),
        plan=PetitionPlan.objects.filter(appeal=found).first(),
    )
    return form_page(request, "campaigns/appeals/desk/official.html", context)
