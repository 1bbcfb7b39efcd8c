"""What operators' links hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.operators.actions import AVAILABILITY
from coalition.campaigns.helplines.operators.retention import AVAILABILITY_LOG
from coalition.workspaces.capability import Capability

HELPLINE_OPERATORS = Capability(
    name="helpline_operators",
    urls="coalition.campaigns.helplines.operators.urls",
    audit_actions={
        "helpline.operator_link_made": _("Link for operators made"),
        "helpline.operator_link_ended": _("Link for operators ended"),
        AVAILABILITY: _("Helpline said to be open, overloaded or closed"),
    },
    retention_rules=(AVAILABILITY_LOG,),
)
