"""What notifications are about: who may see it, and what it is called and where, for whoever looks.

Higher layers register their kinds of subject in `AppConfig.ready()`. A notification about a kind that
nobody has registered cannot be written: otherwise nobody would decide who may see it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from coalition.accounts.models import User


@dataclass(frozen=True)
class SubjectDescription:
    """A subject as the page shows it now: its title in the reader's language, and its address."""

    title: str
    url: str


type VisibleSubjects = Callable[[User], QuerySet[Any]]
type DescribeSubjects = Callable[[Collection[UUID]], Mapping[UUID, SubjectDescription]]
type SubjectAddress = Callable[[UUID], str]


@dataclass(frozen=True)
class NotificationSubject:
    """One kind of subject.

    `visible(person)`: what the person may see now, a queryset with the field `uuid`; asked as a subquery at
    every reading and sending. `describe(uuids)`: titles and addresses, in one query; it is given only what
    the reader may see. `address(uuid)`: its address alone, where that follows from the UUID.
    """

    visible: VisibleSubjects
    describe: DescribeSubjects
    address: SubjectAddress | None = None


_notification_subjects: dict[str, NotificationSubject] = {}


def register_subject(
    kind: str, *, visible: VisibleSubjects, describe: DescribeSubjects, address: SubjectAddress | None = None
) -> None:
    """Say who may see subjects of this kind and how they are described."""
    _notification_subjects[kind] = NotificationSubject(visible, describe, address)


def all_notification_subjects() -> Mapping[str, NotificationSubject]:
    return _notification_subjects
