"""What the checklist hands over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel
from documents.checklist import messages

CHECKLIST = Capability(
    name="checklist",
    urls="documents.checklist.urls",
    audit_actions=messages.ACTIONS,
    panels=(
        SidePanel(
            "check",
            _("Check"),
            "documents/checklist/_panel.html",
            "documents.checklist.presenters.checklist_panel_context",
            place=40,
            fresh=True,
        ),
    ),
)
