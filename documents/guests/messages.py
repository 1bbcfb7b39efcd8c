"""The sentences of what happens around guests of a draft."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

ACTIVITIES: Mapping[str, str | Promise] = {
    "guest_link_made": _("%(actor)s let somebody from outside read “%(title)s” by a guest link."),
    "guest_sent_back": _("A guest sent a Word file of “%(title)s” (%(language)s) back."),
}
ACTIONS: Mapping[str, str | Promise] = {
    "guest.made": _("Guest link made"),
    "guest.renewed": _("Guest link renewed"),
    "guest.ended": _("Guest link ended"),
    "guest.opened": _("Guest link opened"),
    "guest.downloaded": _("File downloaded by a guest"),
    "guest.sent_back": _("File sent back by a guest"),
}
KINDS: Mapping[str, NotificationKind] = {
    "file_of_a_guest": NotificationKind(
        sentence=_("A guest sent a Word file of “%(title)s” (%(language)s) back. Look at the changes in it."),
        outline=_("A guest sent a Word file back. It waits for a look."),
        icon="file",
        asks=True,
    ),
}
