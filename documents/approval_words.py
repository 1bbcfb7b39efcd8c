"""The sentences of what happened around approvals and publications."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIVITIES: Mapping[str, str | Promise] = {
    "put_to_approval": _("%(actor)s put “%(title)s” to approval."),
    "put_again": _("%(actor)s put newer words of “%(title)s” to approval, or moved the deadline."),
    "round_closed": _("%(actor)s closed the approval of “%(title)s”."),
    "approved": _("%(organisation)s approved “%(title)s”."),
    "changes_asked": _("%(organisation)s asked for changes in “%(title)s”."),
    "published": _("%(actor)s published “%(title)s”."),
    "withdrawn": _("%(actor)s withdrew “%(title)s”."),
}

ACTIONS: Mapping[str, str | Promise] = {
    "round.opened": _("Put a text to approval"),
    "round.renewed": _("Put newer words to approval, or moved the deadline"),
    "round.closed": _("Closed a round of approval"),
    "approval.given": _("Approved a text"),
    "approval.changes_asked": _("Asked for changes in a text"),
    "publication.published": _("Published a text"),
    "publication.withdrawn": _("Withdrew a publication"),
}
