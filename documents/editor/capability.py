"""What pages of the editor hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, Panel

EDITOR = Capability(
    name="editor",
    urls="documents.editor.urls",
    panels=(
        Panel(
            "changes",
            _("Changes"),
            "documents/changes/_panel.html",
            "documents.editor.views.script_data.panel_context",
            place=10,
        ),
    ),
)
