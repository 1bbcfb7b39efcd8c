"""The mails about notifications: they say that something waits and where, and nothing confidential."""

import datetime
from collections import Counter
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import User
from coalition.jobs.moments import with_place
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.kinds import kind_of
from coalition.workspaces.notifications.subjects import Described, subjects

GENERAL = "workspaces/notification"
DIGEST = "workspaces/digest"


def write(row: Notification, subject: Described | None) -> None:
    """Queue the mail about one notification, in the caller's transaction. `subject`: as `described`."""
    kind, person = kind_of(row.kind), row.person
    with override(person.language):
        outline, deadline, address = str(kind.outline), _deadline(row), address_at(row, subject)
    outbox.queue(
        key=f"{row.kind}:{row.uuid}",
        template=kind.template or GENERAL,
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute(address),
            "outline": outline,
            "deadline": deadline,
        },
        only_while=[] if kind.protects else [row.uuid],
    )


def write_digest(person: User, rows: Sequence[Notification]) -> None:
    """Queue one mail about several: how many of which kind, in the order in which they came."""
    counts = Counter(row.kind for row in sorted(rows, key=lambda row: (row.at, row.pk)))
    with override(person.language):
        lines = [{"outline": str(kind_of(kind).outline), "count": many} for kind, many in counts.items()]
    outbox.queue(
        key=f"digest:{person.uuid}:{max(row.pk for row in rows)}:{len(rows)}",
        template=DIGEST,
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute(reverse("workspaces:inbox")),
            "lines": lines,
            "total": len(rows),
        },
        only_while=[row.uuid for row in rows],
    )


def described(row: Notification) -> Described | None:
    """What the notification is about: one query."""
    subject = subjects().get(row.subject_kind)
    return subject.describe([row.subject]).get(row.subject) if subject else None


def address_at(row: Notification, subject: Described | None) -> str:
    """Where the notification leads: to its kind's own address, the subject's, or the inbox."""
    kind = kind_of(row.kind)
    if kind.link:
        return reverse(kind.link, args=[row.subject])
    return subject.url if subject is not None else reverse("workspaces:inbox")


def _deadline(row: Notification) -> str:
    told = row.detail.get("deadline")
    return with_place(datetime.datetime.fromisoformat(told)) if told else ""
