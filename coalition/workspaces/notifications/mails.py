"""Mails about notifications: that something waits and where, without anything confidential."""

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import User
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.kinds import (
    NotificationKind,
    SubjectDescription,
    all_notification_subjects,
    get_notification_kind,
)
from coalition.workspaces.notifications.queries import people_without_mail

GENERAL = "workspaces/notification"
DIGEST = "workspaces/digest"


def queue_notification_mails(rows: Collection[Notification]) -> None:
    """Queue the mails about notifications of one kind about one subject, in the caller's transaction:
    one query for all of them, and one where the subject's URL must be read."""
    if not rows:
        return
    first = next(iter(rows))
    kind, url = get_notification_kind(first.kind), _subject_url(first)
    outbox.queue_mails([_notification_mail(row, kind, url) for row in rows])


def queue_mails_without_inbox(people: Collection[User], row: Notification, *, once: str) -> None:
    """Queue the mail about the unsaved `row` to people without an inbox in any workspace: each once
    under `once`, except those who want no mail. In the caller's transaction, at most three queries."""
    kind = get_notification_kind(row.kind)
    want_none = set() if kind.protects else people_without_mail(people)
    told = [person for person in people if person.pk not in want_none]
    if told:
        url = _subject_url(row)
        outbox.queue_mails([_mail_to(person, row, kind, url, key=f"{once}:{person.uuid}") for person in told])


def _notification_mail(row: Notification, kind: NotificationKind, url: str) -> outbox.PersonalMail:
    about = () if kind.protects else (row.uuid,)
    return _mail_to(row.person, row, kind, url, key=f"{row.kind}:{row.uuid}", only_while=about)


def _mail_to(
    person: User,
    row: Notification,
    kind: NotificationKind,
    url: str,
    *,
    key: str,
    only_while: tuple[UUID, ...] = (),
) -> outbox.PersonalMail:
    with override(person.language):
        outline, deadline = str(kind.outline), _deadline(row)
        address = reverse(kind.link, args=[row.subject]) if kind.link else url
    return outbox.PersonalMail(
        key=key,
        template=kind.template or GENERAL,
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute_url(address),
            "outline": outline,
            "deadline": deadline,
        },
        only_while=only_while,
    )


def queue_digest_mail(person: User, rows: Sequence[Notification]) -> None:
    """Queue one mail about several: the number of each kind, in order of arrival."""
    counts = Counter(row.kind for row in sorted(rows, key=lambda row: (row.at, row.pk)))
    with override(person.language):
        lines = [
            {"outline": str(get_notification_kind(kind).outline), "count": many}
            for kind, many in counts.items()
        ]
    outbox.queue_mail(
        key=f"digest:{person.uuid}:{max(row.pk for row in rows)}:{len(rows)}",
        template=DIGEST,
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute_url(reverse("workspaces:inbox")),
            "lines": lines,
            "total": len(rows),
        },
        only_while=[row.uuid for row in rows],
    )


def notification_url(row: Notification, subject: SubjectDescription | None) -> str:
    """Return the notification's URL: of its kind, the subject, or the inbox."""
    kind = get_notification_kind(row.kind)
    if kind.link:
        return reverse(kind.link, args=[row.subject])
    return subject.url if subject is not None else reverse("workspaces:inbox")


def _subject_url(row: Notification) -> str:
    """Return the URL of the subject, or the inbox; no query where the kind derives it from the UUID."""
    subject = all_notification_subjects().get(row.subject_kind)
    if subject is not None and subject.address is not None:
        return subject.address(row.subject)
    found = subject.describe([row.subject]).get(row.subject) if subject else None
    return found.url if found is not None else reverse("workspaces:inbox")


def _deadline(row: Notification) -> str:
    told = row.detail.get("deadline")
    return moment_with_time_zone(datetime.datetime.fromisoformat(told)) if told else ""
