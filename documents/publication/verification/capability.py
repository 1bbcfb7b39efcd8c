"""The sentences of what happens around checks of what readers get."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from coalition.workspaces.notifications.kinds import NotificationKind
from documents.capability import Capability
from documents.publication.verification.run import RUN_INTERVAL, verify_due

KINDS: Mapping[str, NotificationKind] = {
    "publication_differs": NotificationKind(
        sentence=_(
            "What readers get of “%(title)s” differs from its record. What was found stands on the page of "
            "the publication."
        ),
        outline=_("What readers get of a public text differs from its record."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publications_differ": NotificationKind(
        sentence=_(
            "What readers get of several texts of this workspace differs from their records (%(number)s "
            "texts), among them “%(title)s”."
        ),
        outline=_("What readers get of several public texts differs from their records."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publication_taken_off": NotificationKind(
        sentence=_(
            "“%(title)s” was taken off the site: twice running, what readers get differed from its record. "
            "It comes back when nothing differs any more."
        ),
        outline=_("A public text was taken off the site while it is checked."),
        icon="stop",
        asks=True,
        urgent=True,
        protects=True,
    ),
    "publication_brought_back": NotificationKind(
        sentence=_("“%(title)s” is on the site again: nothing differs from its record any more."),
        outline=_("A text that had been taken off the site is public again."),
        icon="check",
        protects=True,
    ),
}


# --- capability ---
# What checks of publications hand over to `documents.registry`.


VERIFICATION = Capability(
    name="verification",
    notification_kinds=KINDS,
    recurring=(RecurringWork("documents.verify_publications", verify_due, every=RUN_INTERVAL),),
)
