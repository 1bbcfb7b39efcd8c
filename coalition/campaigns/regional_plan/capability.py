"""What the regional plan hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.regional_actions import RegionalAction, register_regional_action
from coalition.campaigns.core.sections import register_section
from coalition.campaigns.regional_plan.dashboard import promises_due
from coalition.campaigns.regional_plan.presenters import plan_summary
from coalition.campaigns.regional_plan.retention import PEOPLE
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_section(
        "regional_plan",
        title=_("Who does what"),
        url_name="campaigns:regional_plan",
        summary=plan_summary,
        order=1,
    )
    # Nothing here counts these: organisations say how much of them they have done.
    register_regional_action(RegionalAction("event", label=_("Events"), unit=_("events held"), order=50))
    register_regional_action(
        RegionalAction("media", label=_("Regional media"), unit=_("outlets reached"), order=60)
    )


REGIONAL_PLAN = Capability(
    name="regional_plan",
    urls="coalition.campaigns.regional_plan.urls",
    audit_actions={
        "plan.promised": _("Promise entered in the regional plan"),
        "plan.changed": _("Promise in the regional plan changed"),
        "plan.ended": _("Promise taken out of the regional plan"),
        "plan.resumed": _("Promise put into the regional plan again"),
        "plan.scope_changed": _("Regions and actions of the regional plan chosen"),
    },
    retention_rules=(PEOPLE,),
    seated=(promises_due,),
    connect=_connect,
)
