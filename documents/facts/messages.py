"""The sentences of what happens around facts."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

ACTIONS = {
    "fact.created": _("Fact written down"),
    "fact.changed": _("Fact changed"),
    "fact.checked": _("Fact checked"),
    "fact.retired": _("Fact taken out of use"),
    "fact.brought_back": _("Fact brought back into use"),
    "fact.opened": _("Fact opened to the public"),
    "fact.closed": _("Fact no longer opened to the public"),
}
KINDS: Mapping[str, NotificationKind] = {
    "fact_to_check": NotificationKind(
        sentence=_("%(actor)s wrote “%(title)s”. Somebody else checks it against its source."),
        outline=_("A fact that your organisation keeps has new words. Somebody has to check them."),
        icon="fact",
        asks=True,
    ),
    "fact_check_due": NotificationKind(
        sentence=_("It is time to check “%(title)s” again: does its source still say so?"),
        outline=_("A fact that your organisation keeps is to be checked again."),
        icon="fact",
        asks=True,
    ),
    "fact_older": NotificationKind(
        sentence=_("A fact in “%(title)s” has changed. Its page shows the old words and the new ones."),
        outline=_("A fact in a text that you worked on has changed."),
        icon="fact",
    ),
    "fact_older_put": NotificationKind(
        sentence=_("“%(title)s” is put to approval with older words of a fact: the fact has changed since."),
        outline=_("A text in approval uses older words of a fact."),
        icon="warn",
        asks=True,
    ),
    "fact_older_public": NotificationKind(
        sentence=_("“%(title)s” is public with older words of a fact. If need be, correct the text."),
        outline=_("A public text uses older words of a fact."),
        icon="warn",
        asks=True,
    ),
}
