"""The sentences of what happens around the glossary."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Mapping[str, str | Promise] = {
    "glossary.added": _("Term added to the glossary"),
    "glossary.changed": _("Term of the glossary changed"),
    "glossary.removed": _("Term taken out of the glossary"),
    "glossary.restored": _("Term of the glossary restored"),
}
