"""What figures hand to the layers below."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.impact.retention import LABELS, PEOPLE
from coalition.campaigns.impact.summary import impact_summary
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section(
        "impact",
        title=pgettext_lazy("of a campaign", "What became of it"),
        url_name="campaigns:impact",
        summary=impact_summary,
        order=90,
    )


IMPACT = Capability(
    name="impact",
    urls="coalition.campaigns.impact.urls",
    audit_actions={
        "impact.measure_added": _("Something to count added"),
        "impact.figure_declared": _("Figure declared"),
        "impact.figure_corrected": _("Figure corrected"),
        "impact.change_recorded": _("Change recorded"),
        "impact.change_corrected": _("Change corrected"),
        "impact.line_withdrawn": _("Figure or change withdrawn"),
        "impact.line_restored": _("Figure or change counts again"),
        "impact.grant_added": _("Grant added"),
        "impact.grant_changed": _("Grant changed"),
        "impact.items_assigned": _("Items put under a grant"),
        "impact.item_removed": _("Item taken out of a grant"),
        "impact.link_given": _("Link given to a donor"),
        "impact.link_ended": _("Link of a donor ended"),
        "impact.report_frozen": _("Report frozen"),
    },
    retention_rules=(PEOPLE, LABELS),
    connect=_connect,
)
