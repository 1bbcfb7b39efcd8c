"""What the glossary has to hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, Panel
from documents.glossary import messages
from documents.glossary.views import panel_context

GLOSSARY = Capability(
    name="glossary",
    urls="documents.glossary.urls",
    audit_actions=messages.ACTIONS,
    panels=(
        Panel(
            "terms",
            _("Terms"),
            "documents/terms/_panel.html",
            panel_context,
            place=50,
        ),
    ),
)
