"""Why rows were held, in words for those who decide."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from coalition.audit.log import ActionLabel

# By code of the rule, as `suspicion` gives them.
RULES: Final[Mapping[str, ActionLabel]] = {
    "disposable_domain": _(
        "Many came from one network within minutes, with addresses that are made to be thrown away."
    ),
    "one_pattern": _("Many came from one network within minutes, with addresses or names of one pattern."),
    "one_domain": _("Many came from one network within minutes, and very many from one little-known domain."),
}
UNKNOWN: Final = _("A rule found them suspect together.")


def hold_reason(rule: str) -> str:
    """Return the rule in words."""
    return str(RULES.get(rule, UNKNOWN))
