"""What pages of the editor hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel

EDITOR = Capability(
    name="editor",
    urls="documents.editor.urls",
    panels=(
        SidePanel(
            "changes",
            _("Changes"),
            "documents/suggestions/_panel.html",
            "documents.editor.views.changes_panel_context",
            place=10,
        ),
    ),
)
