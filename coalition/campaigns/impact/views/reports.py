"""Frozen reports at the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.files import figures_csv, figures_pdf
from coalition.campaigns.impact.forms import FreezeForm
from coalition.campaigns.impact.hidden_names import hidden_names
from coalition.campaigns.impact.models import Report
from coalition.campaigns.impact.presenters import may_give_content, shown_later_changes, shown_report
from coalition.campaigns.impact.queries import reports_for
from coalition.campaigns.impact.report_pages import content_response, report_head, report_words
from coalition.campaigns.impact.views.access import (
    ImpactFormView,
    complete_keys,
    context_of,
    desk_links,
    enter,
    enter_to_lead,
    query_without_all,
)
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access


class ReportsView(ImpactFormView):
    """Frozen reports; a POST freezes one."""

    template_name = "campaigns/impact/reports.html"
    form_class = FreezeForm
    back = "campaigns:impact_reports"
    success_message = _("The report is frozen.")

    def load(self) -> None:
        super().load()
        if self.request.method == "POST":
            self.access = enter_to_lead(self.request, self.kwargs["workspace"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"access": self.access, "viewer": get_viewer(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = get_viewer(self.request)
        hidden = hidden_names(self.access.workspace, viewer)
        rows = [
            (one, report_words(one, viewer), hidden.without_in(one.grant.title) if one.grant else None)
            for one in reports_for(self.access)
        ]
        return super().get_context_data(**kwargs) | {"rows": rows}

    def save(self, form: FreezeForm) -> HttpResponse:
        report = freeze_report(access=self.access, **form.cleaned_data)
        return redirect("campaigns:impact_report", self.access.workspace.uuid, report.uuid)


def _report(request: HttpRequest, workspace: UUID, report: UUID) -> tuple[Access, Report]:
    access = enter(request, workspace)
    return access, get_object_or_404(reports_for(access), uuid=report)


@member_required
@require_safe
def report_page(request: HttpRequest, workspace: UUID, report: UUID) -> HttpResponse:
    """A frozen report, with what changed since."""
    access, found = _report(request, workspace, report)
    viewer = get_viewer(request)
    context = context_of(
        access,
        report=found,
        words=report_words(found, viewer),
        rungs=shown_report(
            found, viewer, complete=complete_keys(request), links=desk_links(access.workspace)
        ),
        changes=shown_later_changes(found, viewer),
        may_give_content=may_give_content(found),
        query=query_without_all(request),
    )
    return render(request, "campaigns/impact/report.html", context)


@member_required
@require_safe
def report_csv(request: HttpRequest, workspace: UUID, report: UUID) -> HttpResponse:
    """The frozen figures as a table, with the hash and what changed since."""
    _access, found = _report(request, workspace, report)
    viewer = get_viewer(request)
    rungs = shown_report(found, viewer, complete=None)
    return figures_csv(report_head(found, viewer), rungs, shown_later_changes(found, viewer))


@member_required
@require_safe
def report_pdf(request: HttpRequest, workspace: UUID, report: UUID) -> HttpResponse:
    """The frozen figures as a PDF, with what changed since."""
    _access, found = _report(request, workspace, report)
    viewer = get_viewer(request)
    rungs = shown_report(found, viewer, complete=None)
    return figures_pdf(report_head(found, viewer), rungs, shown_later_changes(found, viewer))


@member_required
@require_safe
def report_json(request: HttpRequest, workspace: UUID, report: UUID) -> HttpResponse:
    """The content whose SHA-256 is the hash. 404 while it names who is not named in public any more."""
    return content_response(_report(request, workspace, report)[1])
