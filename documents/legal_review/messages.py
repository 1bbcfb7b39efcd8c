"""The sentences of what happens around verdicts of lawyers."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

ACTIONS: Mapping[str, str | Promise] = {
    "legal.verdict": _("Verdict of a lawyer on a text"),
    "legal.marked": _("Said whether a lawyer has to read a draft"),
}
KINDS: Mapping[str, NotificationKind] = {
    "legal_verdict": NotificationKind(
        sentence=_("A lawyer has given a verdict on “%(title)s” (%(language)s)."),
        outline=_("A lawyer has given a verdict on a text."),
        icon="check",
        asks=True,
        link="documents:legal",
    ),
}
