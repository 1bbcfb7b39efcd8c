"""The sentences of what happens around the checklist."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Mapping[str, str | Promise] = {
    "checklist.acknowledged": _("What the checklist found was looked at and acknowledged"),
}
