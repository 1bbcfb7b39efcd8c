"""Registry of notification kinds: their sentences and urgency.

Higher layers register the kinds they write in `AppConfig.ready()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type SentenceText = str | Promise


@dataclass(frozen=True)
class NotificationKind:
    """One kind of notification.

    `sentence`: a whole sentence for the inbox, which may use %(title)s (of the subject), %(actor)s,
    %(organisation)s (the one acted for), %(count)s, %(workspace)s and keys of `detail`, as sentences of
    activities do (`activity_sentences.py`). `outline`: the text in a mail, which others may see: no
    titles, no names, no placeholders.

    `together`: sentence for several of this kind about one subject within an hour, merged into one row.
    `asks`: requires an action, so each is mailed, even while the previous one is unread. `urgent`: due
    within hours; it disturbs quiet hours if the person allows that. `protects`: mailed at once whatever
    the settings, since it may reveal misuse. `template`: a separate mail (`mail/<template>.txt`)
    instead of the one for all kinds. `link`: a URL name that takes the subject's UUID, instead of the
    subject's own.
    """

    sentence: SentenceText
    outline: SentenceText
    icon: str = "bell"
    together: SentenceText = ""
    asks: bool = False
    urgent: bool = False
    protects: bool = False
    template: str = ""
    link: str = ""


_UNKNOWN = NotificationKind(
    sentence=_("Something changed in this workspace."), outline=_("Something changed.")
)
_kinds: dict[str, NotificationKind] = {
    "seat_given": NotificationKind(
        sentence=_("%(actor)s gave you a seat in “%(title)s”."),
        outline=_("You have a seat in a workspace."),
        icon="room",
        asks=True,
        template="workspaces/seat_given",
    ),
}


def register_kinds(kinds: Mapping[str, NotificationKind]) -> None:
    """Register kinds by name."""
    _kinds.update(kinds)


def get_notification_kind(name: str) -> NotificationKind:
    """Return the kind of this name; a generic one for a name that no longer exists."""
    return _kinds.get(name, _UNKNOWN)


def known_kinds() -> frozenset[str]:
    return frozenset(_kinds)
