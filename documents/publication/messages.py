"""The sentences of what happens around publications."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

KINDS: Mapping[str, NotificationKind] = {
    "published": NotificationKind(
        sentence=_("“%(title)s” is public, and your organisation stands under it."),
        outline=_("A text that your organisation approved is public."),
        icon="horn",
        asks=True,
        template="documents/published",
        link="documents_public:sheet",
    ),
    "corrected_without": NotificationKind(
        sentence=_(
            "“%(title)s” is public with corrected words. %(about)s stands under the earlier words only, and "
            "is not named under these."
        ),
        outline=_("A text was corrected. Your organisation stands under the earlier words only."),
        icon="again",
        asks=True,
        link="documents_public:sheet",
    ),
    "published_here": NotificationKind(
        sentence=_("%(actor)s published “%(title)s”."),
        outline=_("A text of your workspace is public."),
        icon="horn",
    ),
    "withdrawn": NotificationKind(
        sentence=_("“%(title)s”, which your organisation had approved, is withdrawn."),
        outline=_("A text that your organisation approved is withdrawn."),
        icon="warn",
        asks=True,
        template="documents/withdrawn",
        link="documents_public:sheet",
    ),
    "name_taken_off": NotificationKind(
        sentence=_("%(organisation)s took its name off “%(title)s”. The text stands: its rule still holds."),
        outline=_("An organisation took its name off a public text. The text stands."),
        icon="organisation",
    ),
    "awaiting_decision": NotificationKind(
        sentence=_("%(organisation)s took its name off “%(title)s”, and its rule does not hold any more."),
        outline=_("A public text waits for your decision: its rule does not hold any more."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
}
