"""Delivery of notifications: quiet hours, mails, web push without content.

An empty push needs no encryption; the site only signs that it is the sender (VAPID, RFC 8292). The
addresses come from browsers, so the fetcher's policy decides where a push may go.
"""

import base64
import datetime
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext, override
from py_vapid import Vapid

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.accounts.queries import has_access
from coalition.core.clock import now
from coalition.core.safe_fetch import AddressPolicy, FetchError, post_empty
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import absolute_url
from coalition.workspaces.models import MailMode, Notification, NotificationSettings, PushSubscription
from coalition.workspaces.notifications import queries
from coalition.workspaces.notifications.kinds import (
    NotificationKind,
    SubjectDescription,
    all_notification_subjects,
    get_notification_kind,
)
from coalition.workspaces.sentence_params import ActivitySentence, SentenceParams, person_circle

GENERAL = "workspaces/notification"
DIGEST = "workspaces/digest"


def queue_notification_mails(rows: Collection[Notification]) -> None:
    """Queue the mails about notifications of one kind about one subject, in the caller's transaction:
    one query for all of them, and one where the subject's URL must be read."""
    if not rows:
        return
    url = _subject_url(next(iter(rows)))
    outbox.queue_mails(_mail_to(row.person, row, url, key=f"{row.kind}:{row.uuid}") for row in rows)


def queue_mails_without_inbox(people: Collection[User], row: Notification, *, once: str) -> None:
    """Queue the mail about the unsaved `row` to people without an inbox in any workspace: each once
    under `once`, except those who want no mail. In the caller's transaction, at most three queries."""
    want_none = set() if get_notification_kind(row.kind).protects else queries.people_without_mail(people)
    recipients = [person for person in people if person.pk not in want_none]
    if recipients:
        url = _subject_url(row)
        outbox.queue_mails(_mail_to(person, row, url, key=f"{once}:{person.uuid}") for person in recipients)


def _mail_to(person: User, row: Notification, url: str, *, key: str) -> OutboxMail:
    """Return the mail about a row, sent only while a saved one is unread, unless its kind protects."""
    kind = get_notification_kind(row.kind)
    with override(person.language):
        outline, deadline = str(kind.outline), row.detail.get("deadline", "")
        if deadline:
            deadline = moment_with_time_zone(datetime.datetime.fromisoformat(deadline))
        address = reverse(kind.link, args=[row.subject]) if kind.link else url
    return outbox.new_mail(
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
        only_while=() if kind.protects or row.pk is None else (row.uuid,),
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


DAY = datetime.timedelta(days=1)


def quiet_end(wish: NotificationSettings, moment: datetime.datetime) -> datetime.datetime | None:
    """Return the end of the person's quiet hours that contain `moment`; None if it is outside them.

    They begin at `quiet_from` and end before `quiet_to`, on the next day if that is earlier. Equal times
    mean that there are none.
    """
    begins, ends, zone = wish.quiet_from, wish.quiet_to, wish.person.time_zone
    if begins is None or ends is None or begins == ends:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    clock = local.time()
    over_midnight = begins > ends
    inside = (clock >= begins or clock < ends) if over_midnight else begins <= clock < ends
    if not inside:
        return None
    day = local.date() + DAY if over_midnight and clock >= begins else local.date()
    over = _at(day, ends, zone)
    # Where clocks go back, the end may occur twice in a night, and the first one may be over.
    return over if over > moment else _at(day, ends.replace(fold=1), zone)


def last_hour(moment: datetime.datetime, *, zone: str, hour: int) -> datetime.datetime:
    """Return the last moment at or before this one at which local time was the hour."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    found = _at(day, datetime.time(hour), zone)
    return found if found <= moment else _at(day - DAY, datetime.time(hour), zone)


def next_hour(moment: datetime.datetime, *, zone: str, hour: int) -> datetime.datetime:
    """Return the first moment after this one at which local time is the hour."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    found = _at(day, datetime.time(hour), zone)
    return found if found > moment else _at(day + DAY, datetime.time(hour), zone)


def _at(day: datetime.date, clock: datetime.time, zone: str) -> datetime.datetime:
    return datetime.datetime.combine(day, clock, ZoneInfo(zone)).astimezone(datetime.UTC)


MAIL_WORK = "notifications.mail"  # due work: pending mail to one person
PUSH_WORK = "notifications.push"  # due work: push to one browser


def deliver_notifications(
    rows: Collection[Notification], to: Mapping[int, queries.Recipient], *, by_mail: bool = True
) -> None:
    """Mail and push new rows of one kind in one workspace by settings, in the caller's transaction.

    `to`: the people, by primary key, from `recipients_of`. Kinds that ask nothing of a person send no
    second mail about the same subject while the first is unread, for a day.
    """
    at_once: list[Notification] = []
    later: dict[int, tuple[str, datetime.datetime]] = {}
    to_wake: dict[User, datetime.datetime] = {}
    notified: set[int] = set()
    for row in rows:
        person, kind, moment = to[row.person_id], get_notification_kind(row.kind), row.at
        once_a_day = not (kind.asks or kind.protects)
        if once_a_day and (person.was_notified or person.pk in notified):
            continue
        if person.has_muted and not kind.protects:
            continue
        notified.add(person.pk)
        wish = queries.settings_of(person)
        at = _time_of_mail(kind, wish, moment) if by_mail else None
        if at == moment:
            at_once.append(row)
        elif at is not None:
            later[row.pk] = str(person.uuid), at
        if person.has_browser:
            quiet = None if _ignores_quiet_hours(kind, wish) else quiet_end(wish, moment)
            to_wake[person] = quiet or moment
    queue_notification_mails(at_once)
    if later:
        Notification.objects.filter(pk__in=later).update(mail_waits=True)
        scheduler.schedule_all({(MAIL_WORK, key): at for key, at in later.values()})
    if settings.VAPID_KEY and to_wake:
        browsers = queries.browsers_of(to_wake)
        scheduler.schedule_all({(PUSH_WORK, str(one.uuid)): to_wake[one.person] for one in browsers})


def mail_waiting_notifications(key: str, _payload: dict[str, Any]) -> None:
    """Due work: send one mail to the person with the UUID `key` about everything pending.

    Uses current settings and permissions. Idempotent.
    """
    person = User.objects.filter(uuid=key).first()
    if person is None or not has_access(person):
        return
    moment = now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        wish = queries.settings_of(person)
        rows = list(queries.notifications_to_mail(person))
        at = _time_of_waiting_mail(wish, rows, moment)
        if at is not None and at > moment:
            scheduler.schedule(kind=MAIL_WORK, key=key, due_at=at)
            return
        Notification.objects.filter(person=person, mail_waits=True).update(mail_waits=False)
        if not rows or wish.mail == MailMode.NEVER:
            return
        for row in rows:
            row.person = person
        if len(rows) == 1:
            queue_notification_mails(rows)
        else:
            queue_digest_mail(person, rows)


def plan_mail(person: User) -> None:
    """Reschedule the person's pending mail after they changed their settings."""
    if Notification.objects.filter(person=person, mail_waits=True).exists():
        scheduler.schedule(kind=MAIL_WORK, key=str(person.uuid), due_at=now())


def _ignores_quiet_hours(kind: NotificationKind, wish: NotificationSettings) -> bool:
    return kind.protects or (kind.urgent and wish.urgent_passes)


def _time_of_mail(
    kind: NotificationKind, wish: NotificationSettings, moment: datetime.datetime
) -> datetime.datetime | None:
    """Return when to send a mail about something new: this moment, a later one, or None for never."""
    if kind.protects:
        return moment
    if wish.mail == MailMode.NEVER:
        return None
    if _ignores_quiet_hours(kind, wish):
        return moment
    if wish.mail == MailMode.DAILY:
        return next_hour(moment, zone=wish.person.time_zone, hour=wish.digest_hour)
    return quiet_end(wish, moment) or moment


def _time_of_waiting_mail(
    wish: NotificationSettings, rows: list[Notification], moment: datetime.datetime
) -> datetime.datetime | None:
    """Return when to send pending mail by the current settings; None for never.

    A daily mail contains what arrived before its hour, so the hour also applies after a change of zone,
    and mail missed while no worker ran is sent at once.
    """
    if not rows or wish.mail == MailMode.NEVER:
        return None
    if wish.mail == MailMode.DAILY:
        zone, hour = wish.person.time_zone, wish.digest_hour
        if min(row.at for row in rows) >= last_hour(moment, zone=zone, hour=hour):
            return next_hour(moment, zone=zone, hour=hour)
    return quiet_end(wish, moment) or moment


RENEWED = "push_renewed"  # session: the browser has confirmed its push subscription
PUSH_TTL_SECONDS = 24 * 3600  # seconds for which a push service stores it for a browser that is off
SIGNATURE_SECONDS = 12 * 3600  # seconds, at most 24 hours by RFC 8292
PUSH_TIMEOUT_SECONDS = 5.0  # seconds
GONE = frozenset({404, 410})  # the subscription was removed (RFC 8030, 7.3)


class PushFailed(Exception):
    """The push service did not accept the push; it is retried."""


def public_key() -> str:
    """Return the VAPID public key in URL-safe base64; empty if push is disabled."""
    if not settings.VAPID_KEY:
        return ""
    point = _signer().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def wake_browser(key: str, _payload: dict[str, Any]) -> None:
    """Due work: send push to the browser with the UUID `key`, if its person has something new.

    Uses current session, settings and permissions. Raises PushFailed if it must be retried.
    """
    browser = PushSubscription.objects.select_related("person").filter(uuid=key).first()
    if browser is None or not settings.VAPID_KEY:
        return
    if (
        not has_access(browser.person)
        or not queries.browsers_of([browser.person]).filter(pk=browser.pk).exists()
    ):
        return
    moment, wish = now(), queries.settings_of(browser.person)
    new = queries.unread_of(browser.person).filter(at__gte=browser.pushed_at or browser.created_at)
    new = new.exclude(workspace__in=queries.muted_by(browser.person))
    waiting = set(new.values_list("kind", flat=True))
    quiet = quiet_end(wish, moment)
    if quiet is not None and not (
        wish.urgent_passes and any(get_notification_kind(kind).urgent for kind in waiting)
    ):
        scheduler.schedule(kind=PUSH_WORK, key=key, due_at=quiet)
    elif waiting:
        _send(browser)


def _send(browser: PushSubscription) -> None:
    sent_at = now()
    headers = {
        **_signature(browser.address),
        "TTL": str(PUSH_TTL_SECONDS),
        "Urgency": "normal",
        "Topic": "inbox",
    }
    policy = AddressPolicy(loopback_port=settings.FETCH_LOOPBACK_PORT, ca_file=settings.FETCH_CA_FILE)
    try:
        status = post_empty(browser.address, headers=headers, policy=policy, longest=PUSH_TIMEOUT_SECONDS)
    except FetchError as refusal:
        if refusal.code in {"private", "https", "password"}:
            browser.delete()  # pushes to its address are refused, permanently
            return
        raise PushFailed(refusal.code) from refusal
    if status in GONE:
        browser.delete()
    elif status >= 300:
        raise PushFailed(status)
    else:
        browser.pushed_at = sent_at
        browser.save(update_fields=["pushed_at"])


def _signature(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNATURE_SECONDS,
        "sub": f"mailto:{settings.CALENDAR_ADDRESS}",
    }
    signed: dict[str, str] = _signer().sign(claims)
    return signed


def _signer() -> Vapid:
    return Vapid.from_string(settings.VAPID_KEY)


@dataclass(frozen=True)
class NotificationSentence(ActivitySentence):
    """A notification rendered for its person."""

    uuid: UUID
    icon: str
    unread: bool


def describe_notifications(
    viewer: Viewer, notifications: Iterable[Notification]
) -> list[NotificationSentence]:
    """Render the notifications: two queries, and one for each kind of subject, whatever their number.

    `notifications` must come from `queries.notifications_for`, which excludes what the reader may not see.
    """
    rows, found = list(notifications), []
    params = SentenceParams(viewer, rows)
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.subject_kind, set()).add(row.subject)
    kinds = all_notification_subjects()
    subjects = {kind: kinds[kind].describe(uuids) for kind, uuids in wanted.items() if kind in kinds}
    for row in rows:
        kind, subject = get_notification_kind(row.kind), subjects.get(row.subject_kind, {}).get(row.subject)
        sentence = kind.together if kind.together and row.count > 1 else kind.sentence
        names = params.of(row, title=subject.title if subject else "—", workspace=row.workspace.title)
        names["count"] = row.count
        found.append(
            NotificationSentence(
                uuid=row.uuid,
                at=row.at,
                sentence=str(sentence) % names,
                icon=kind.icon,
                circle=person_circle(viewer, row.actor, row.organisation) if row.actor else None,
                workspace=row.workspace.title,
                url=notification_url(row, subject),
                unread=row.read_at is None,
            )
        )
    return found


def unread_label(count: int) -> str:
    """Return the number of unread ones as a sentence for screen readers."""
    return ngettext("%(count)s unread", "%(count)s unread", count) % {"count": count}
