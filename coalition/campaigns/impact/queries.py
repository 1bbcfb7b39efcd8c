"""Grants, links, declared figures and reports: the only place where these lists come from."""

import datetime
import json
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.campaigns.impact.models import Contribution, DonorLink, Figure, Grant, Measure, Report
from coalition.campaigns.impact.permissions import may_see_impact
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access


def grants_for(access: Access) -> QuerySet[Grant]:
    """Grants that the person may see (`may_see_grant`), the newest first."""
    rows = Grant.objects.filter(workspace=access.workspace).select_related("organisation")
    if not may_see_impact(access):
        return rows.none()
    return rows if access.may(Right.PUBLISH) else rows.filter(organisation=access.organisation)


def links_of(grant: Grant) -> QuerySet[DonorLink]:
    """Links of donors to a grant, the newest first, also those that have ended."""
    return grant.links.order_by("-pk")


def open_links(grant: Grant) -> QuerySet[DonorLink]:
    """Those that open something now."""
    return grant.links.filter(ended_at=None, ends_at__gt=now())


def link_of_token(token: str) -> DonorLink | None:
    """Return the link of this token, ended or not, with its grant; None if there is none."""
    rows = DonorLink.objects.filter(token_hash=hash_token(token))
    return rows.select_related("grant__workspace", "grant__organisation").first()


def ended_links_before(moment: datetime.datetime) -> QuerySet[DonorLink]:
    """Links that ended before the moment: at their end, or earlier by somebody."""
    return DonorLink.objects.filter(Q(ended_at__lt=moment) | Q(ended_at=None, ends_at__lt=moment))


def measures_of(workspace: Workspace) -> QuerySet[Measure]:
    """Measures of a workspace, by rung, with how many figures count (`figure_count`)."""
    counting = Count("figures", filter=Q(figures__replaced_at=None, figures__is_withdrawn=False))
    return Measure.objects.filter(workspace=workspace).annotate(figure_count=counting).order_by("rung", "pk")


def figures_that_count(workspace: Workspace) -> QuerySet[Figure]:
    """Declared figures as they stand now, without withdrawn ones, by measure."""
    rows = Figure.objects.filter(measure__workspace=workspace, replaced_at=None, is_withdrawn=False)
    return rows.order_by("measure", "pk")


def contributions_that_count(workspace: Workspace) -> QuerySet[Contribution]:
    """Changes as they stand now, without withdrawn ones, the newest first."""
    rows = Contribution.objects.filter(workspace=workspace, replaced_at=None, is_withdrawn=False)
    return rows.order_by("-on", "pk")


def withdrawn_figures(workspace: Workspace) -> QuerySet[Figure]:
    """Declared figures that were withdrawn and may count again, the newest first."""
    rows = Figure.objects.filter(measure__workspace=workspace, replaced_at=None, is_withdrawn=True)
    return rows.select_related("measure", "organisation").order_by("-pk")


def withdrawn_contributions(workspace: Workspace) -> QuerySet[Contribution]:
    """Changes that were withdrawn and may count again, the newest first."""
    rows = Contribution.objects.filter(workspace=workspace, replaced_at=None, is_withdrawn=True)
    return rows.select_related("organisation").order_by("-pk")


def revisions_of_figure(workspace: Workspace, line: UUID) -> QuerySet[Figure]:
    """All revisions of a figure, the newest first."""
    rows = Figure.objects.filter(measure__workspace=workspace, line=line)
    return rows.select_related("measure", "organisation", "evidence_file", "grant").order_by("-number")


def revisions_of_contribution(workspace: Workspace, line: UUID) -> QuerySet[Contribution]:
    """All revisions of a change, the newest first."""
    rows = Contribution.objects.filter(workspace=workspace, line=line)
    return rows.select_related("organisation", "evidence_file", "grant", "ask").order_by("-number")


def reports_for(access: Access) -> QuerySet[Report]:
    """Frozen reports that the person may read: of a grant only those who see the grant."""
    rows = Report.objects.filter(workspace=access.workspace)
    if not may_see_impact(access):
        return rows.none()
    rows = rows.filter(Q(grant=None) | Q(grant__in=grants_for(access)))
    return rows.select_related("workspace", "grant", "organisation").order_by("-number")


def reports_of_grant(grant: Grant) -> QuerySet[Report]:
    """Frozen reports of a grant, which its donor reads too, the newest first."""
    return grant.reports.select_related("workspace", "grant", "organisation").order_by("-number")


def evidence_for_donor(grant: Grant, line: UUID, revision: int) -> Figure | Contribution | None:
    """Return the revision of a figure or of a change that the grant pays, if it counts now or stands in a
    frozen report of the grant; else None. At most four queries."""
    kinds: tuple[type[Figure] | type[Contribution], ...] = (Figure, Contribution)
    for kind in kinds:
        rows = kind._default_manager.filter(grant=grant, line=line, number=revision)
        found = rows.select_related("organisation", "evidence_file").first()
        if found is not None:
            counts = found.replaced_at is None and not found.is_withdrawn
            return found if counts or _is_frozen(grant, line, revision) else None
    return None


def _is_frozen(grant: Grant, line: UUID, revision: int) -> bool:
    """Whether this revision stands in a frozen report of the grant."""
    for content in grant.reports.filter(content__contains=str(line)).values_list("content", flat=True):
        found = json.loads(content)
        rows = [*found["changes"], *(row for one in found["figures"] for row in one["details"])]
        if any(row["line"] == str(line) and row["revision"] == revision for row in rows):
            return True
    return False
