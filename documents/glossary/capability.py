"""What the glossary hands over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel
from documents.glossary import messages

GLOSSARY = Capability(
    name="glossary",
    urls="documents.glossary.urls",
    audit_actions=messages.ACTIONS,
    panels=(
        SidePanel(
            "terms",
            _("Terms"),
            "documents/terms/_panel.html",
            "documents.glossary.views.glossary_panel_context",
            place=50,
        ),
    ),
)
