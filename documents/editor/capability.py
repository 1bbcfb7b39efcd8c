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
            "documents/changes/_panel.html",
            "documents.editor.views.script_data.changes_panel_context",
            place=10,
        ),
    ),
)
