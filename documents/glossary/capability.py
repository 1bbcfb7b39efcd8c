"""What the glossary registers: audit messages and a tab beside a text."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel

ACTIONS: Mapping[str, str | Promise] = {
    "glossary.added": _("Term added to the glossary"),
    "glossary.changed": _("Term of the glossary changed"),
    "glossary.removed": _("Term taken out of the glossary"),
    "glossary.restored": _("Term of the glossary restored"),
}

GLOSSARY = Capability(
    name="glossary",
    urls="documents.glossary.urls",
    audit_actions=ACTIONS,
    panels=(
        SidePanel(
            "terms",
            _("Terms"),
            "documents/glossary/_panel.html",
            "documents.glossary.views.glossary_panel_context",
            place=50,
        ),
    ),
)
