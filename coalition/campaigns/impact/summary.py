"""The section of figures on the page "Campaign"."""

from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.core.sections import Summary
from coalition.campaigns.impact.permissions import may_declare
from coalition.campaigns.impact.queries import figures_that_count, reports_for
from coalition.workspaces.permissions import Access


def impact_summary(access: Access) -> Summary:
    """Two queries."""
    declared = figures_that_count(access.workspace).count()
    reports = reports_for(access).count()
    if not declared and not reports:
        step = _("Declare what the platform cannot count by itself.") if may_declare(access) else ""
        return Summary(_("Publications, events, coverage and support are counted already."), step)
    words = ngettext("%(count)d declared figure", "%(count)d declared figures", declared)
    frozen = ngettext("%(count)d frozen report", "%(count)d frozen reports", reports)
    return Summary(f"{words % {'count': declared}}, {frozen % {'count': reports}}.")
