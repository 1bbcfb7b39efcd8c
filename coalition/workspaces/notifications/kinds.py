"""The kinds of notifications: their words, and how pressing they are.

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
    %(organisation)s (in whose name), %(count)s, %(workspace)s and what `detail` holds, as sentences of
    activities do (`activity_words.py`). `outline`: what a mail says of it, on anybody's screen: no titles,
    no names, no placeholders.

    `together`: several of this kind about one thing within an hour are one row, told by this sentence.
    `asks`: something of the person, so each is mailed, even while the one before is unread. `urgent`: hours
    count; it disturbs quiet hours if the person allows that. `protects`: mailed at once whatever the person
    chose, since it may tell of a misuse. `template`: a mail of its own (`mail/<template>.txt`) instead of
    the one for all kinds. `link`: the name of an address that takes the subject's UUID, instead of the
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
    """Add kinds by the name they are written under."""
    _kinds.update(kinds)


def get_notification_kind(name: str) -> NotificationKind:
    """The kind of this name; one that is gone since has words that say little."""
    return _kinds.get(name, _UNKNOWN)


def known_kinds() -> frozenset[str]:
    return frozenset(_kinds)
