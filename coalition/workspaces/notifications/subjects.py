"""Registry of notification subjects: visibility, title and URL for the reader.

Higher layers register their kinds of subject in `AppConfig.ready()`. A notification about an
unregistered kind cannot be written: no rule would decide who may see it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from coalition.accounts.models import User


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
