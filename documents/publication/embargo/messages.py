"""The sentences of what happens around embargoes."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

KINDS: Mapping[str, NotificationKind] = {
    "embargo_not_lifted": NotificationKind(
        sentence=_(
            "“%(title)s” did not become public at its moment: its rule does not hold. Look at the round."
        ),
        outline=_("A text did not become public at its moment. It waits for your decision."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_late": NotificationKind(
        sentence=_(
            "“%(title)s” is late: it has not become public at its moment, because of a fault on our side. "
            "It is tried again until it succeeds. Until then you can put it off."
        ),
        outline=_("A text is late: it has not become public at its moment. It is tried again."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_lifted_late": NotificationKind(
        sentence=_("“%(title)s” is public now, later than planned."),
        outline=_("A text that was late is public now."),
        icon="horn",
        asks=True,
        urgent=True,
        link="documents_public:sheet",
    ),
}
