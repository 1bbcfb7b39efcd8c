"""Registry of notification kinds: their sentences and urgency.

Higher layers register the kinds they write in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.workspaces.models import Workspace

type SentenceText = str | Promise


@dataclass(frozen=True)
class NotificationKind:
    """One kind of notification.

    `sentence`: a whole sentence for the inbox, which may use %(title)s (of the subject), %(actor)s,
    %(organisation)s (the one acted for), %(count)s, %(workspace)s and keys of `detail`, as sentences of
    activities do (`sentence_params.py`). `outline`: the text in a mail, which others may see: no titles, no
    names, no placeholders.

    `together`: sentence for several of this kind about one subject within an hour, merged into one row.
    `asks`: requires an action, so each is mailed, even while the previous one is unread. `urgent`: due within
    hours; it disturbs quiet hours if the person allows that. `protects`: mailed at once whatever the
    settings, since it may reveal misuse. `template`: a separate mail (`mail/<template>.txt`) instead of the
    one for all kinds. `link`: a URL name that takes the subject's UUID, instead of the subject's own.
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


UNKNOWN_KIND = NotificationKind(
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
    _kinds.update(kinds)


def get_notification_kind(name: str) -> NotificationKind:
    """Return the kind of this name; a generic one for a name that no longer exists."""
    return _kinds.get(name, UNKNOWN_KIND)


# Registry of notification subjects: visibility, title and URL for the reader.
#
# Higher layers register their kinds of subject in `AppConfig.ready()`. A notification about an
# unregistered kind cannot be written: no rule would decide who may see it.


@dataclass(frozen=True)
class SubjectDescription:
    """A subject as displayed now: its title in the reader's language, and its URL."""

    title: str
    url: str


type VisibleSubjects = Callable[[User], QuerySet[Any]]
type DescribeSubjects = Callable[[Collection[UUID]], Mapping[UUID, SubjectDescription]]
type SubjectAddress = Callable[[UUID], str]


@dataclass(frozen=True)
class NotificationSubject:
    """One kind of subject.

    `visible(person)`: what the person may see now, a queryset with the field `uuid`; used as a subquery
    at every display and sending. `describe(uuids)`: titles and URLs, in one query, called only with
    what the reader may see. `address(uuid)`: its URL alone, where that follows from the UUID.
    """

    visible: VisibleSubjects
    describe: DescribeSubjects
    address: SubjectAddress | None = None


_notification_subjects: dict[str, NotificationSubject] = {}


def register_subject(
    kind: str, *, visible: VisibleSubjects, describe: DescribeSubjects, address: SubjectAddress | None = None
) -> None:
    """Register the visibility and description of a kind of subject."""
    _notification_subjects[kind] = NotificationSubject(visible, describe, address)


def all_notification_subjects() -> Mapping[str, NotificationSubject]:
    return _notification_subjects


def describe_workspaces(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Workspace.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}
