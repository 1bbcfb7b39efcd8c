"""What the checklist hands over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, Panel
from documents.checklist import messages

CHECKLIST = Capability(
    name="checklist",
    urls="documents.checklist.urls",
    audit_actions=messages.ACTIONS,
    panels=(
        Panel(
            "check",
            _("Check"),
            "documents/checklist/_panel.html",
            "documents.checklist.presenters.panel_context",
            place=40,
            fresh=True,
        ),
    ),
)
