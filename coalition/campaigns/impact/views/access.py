"""Who may enter the pages of figures, and what these pages share."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.impact.actions.figures import CorrectedMeanwhile, FigureRefused
from coalition.campaigns.impact.hidden_names import HiddenNames, hidden_names
from coalition.campaigns.impact.models import Measure
from coalition.campaigns.impact.permissions import (
    may_declare,
    may_end_links,
    may_lead_impact,
    may_see_impact,
    require_that,
)
from coalition.campaigns.impact.presenters import Links
from coalition.core.errors import Refused
from coalition.workspaces.access import get_access
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import WorkspaceFormView

ALL: Final = "all"  # query: key of a figure that is shown with every line


def enter(request: HttpRequest, workspace: UUID) -> Access:
    """Return the access of somebody who may read figures here."""
    access = get_access(request, workspace)
    require_that(may_see_impact(access), _("Figures are for those who see drafts here."))
    return access


def enter_to_lead(request: HttpRequest, workspace: UUID) -> Access:
    """Return the access of a coordinator."""
    access = enter(request, workspace)
    require_that(
        may_lead_impact(access), _("Coordinators record grants, freeze reports and give links to donors.")
    )
    return access


def context_of(access: Access, **more: Any) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "tab": "campaign",
        "may_declare": may_declare(access),
        "may_lead": may_lead_impact(access),
        "may_end_links": may_end_links(access),
        **more,
    }


def desk_links(workspace: Workspace) -> Links:
    """Return the addresses of figures and changes at the desk."""

    def address(name: str) -> Callable[[str], str]:
        return lambda line: reverse(name, args=[workspace.uuid, line])

    return Links(address("campaigns:impact_figure"), address("campaigns:impact_change"))


def complete_keys(request: HttpRequest) -> list[str]:
    """Return which figures the reader wants to see with every line."""
    return request.GET.getlist(ALL)


def query_without_all(request: HttpRequest) -> str:
    """Return the query of the page, to which the key of a figure can be added."""
    query = request.GET.copy()
    query.pop(ALL, None)
    return query.urlencode()


def measure_context(request: HttpRequest, measure: Measure) -> dict[str, Any]:
    """Return what a form shows of its measure, without names that the person may not read."""
    hidden = hidden_names(measure.workspace, get_viewer(request))
    return {"measure": measure, "measure_words": hidden.without_in(measure.words)}


class ImpactFormView(WorkspaceFormView):
    """A form about figures. `back`: name of the page that it returns to, with the workspace alone."""

    template_name = "campaigns/impact/edit.html"
    back = "campaigns:impact"
    title: Any = ""
    submit: Any = ""
    enter_page = staticmethod(enter)

    def load(self) -> None:
        self.access = self.enter_page(self.request, self.kwargs["workspace"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"title": self.title, "submit": self.submit or _("Save"), "back_url": self.get_success_url()}
        return super().get_context_data(**kwargs) | context_of(self.access, **more)

    def hidden_names(self) -> HiddenNames:
        """Return the names that the person may not read. One query."""
        return hidden_names(self.access.workspace, get_viewer(self.request))

    def get_success_url(self) -> str:
        return reverse(self.back, args=[self.kwargs["workspace"]])

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, CorrectedMeanwhile):  # the same form, saved again, is of what counts now
            form.data = form.data.copy()
            form.data["revision"] = str(refusal.number)
        return super().refused(form, refusal)

    def refused_field(self, form: Any, refusal: Refused) -> str | None:
        if isinstance(refusal, FigureRefused) and refusal.field in form.fields:
            return refusal.field
        return None
