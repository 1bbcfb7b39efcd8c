"""What the checklist has to hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, Panel
from documents.checklist import messages
from documents.checklist.presenters import panel_context

CHECKLIST = Capability(
    name="checklist",
    urls="documents.checklist.urls",
    audit_actions=messages.ACTIONS,
    panels=(
        Panel(
            "check",
            _("Check"),
            "documents/checklist/_panel.html",
            panel_context,
            place=40,
            fresh=True,
        ),
    ),
)
