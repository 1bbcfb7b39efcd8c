"""What the checklist registers: audit messages and a tab beside a text."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel

ACTIONS: Mapping[str, str | Promise] = {
    "checklist.acknowledged": _("What the checklist found was looked at and acknowledged"),
}

CHECKLIST = Capability(
    name="checklist",
    urls="documents.checklist.urls",
    audit_actions=ACTIONS,
    panels=(
        SidePanel(
            "check",
            _("Check"),
            "documents/checklist/_panel.html",
            "documents.checklist.check.checklist_panel_context",
            place=40,
            fresh=True,
        ),
    ),
)
