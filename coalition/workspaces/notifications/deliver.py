"""Quiet hours and the hour of the daily mail: local times in a person's zone, as moments."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from coalition.accounts.models import User
from coalition.accounts.queries import has_access
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import Notification, NotificationSettings
from coalition.workspaces.notifications import mails
from coalition.workspaces.notifications.kinds import NotificationKind, get_notification_kind
from coalition.workspaces.notifications.queries import (
    Recipient,
    browsers_of,
    notifications_to_mail,
    settings_of,
)

DAY = datetime.timedelta(days=1)


def quiet_until(
    moment: datetime.datetime,
    *,
    zone: str,
    begins: datetime.time | None,
    ends: datetime.time | None,
) -> datetime.datetime | None:
    """Return the end of the quiet hours that contain `moment`; None if it is outside them.

    They begin at `begins` and end before `ends`, on the next day if that is earlier. Equal times mean
    that there are none.
    """
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


# --- deliver ---
# Time of mail and push for notifications: at once, after quiet hours, once a day, or never.


MAIL_WORK = "notifications.mail"  # due work: pending mail to one person
PUSH_WORK = "notifications.push"  # due work: push to one browser


def deliver_notifications(
    rows: Collection[Notification], to: Mapping[int, Recipient], *, by_mail: bool = True
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
        one, kind, moment = to[row.person_id], get_notification_kind(row.kind), row.at
        once_a_day = not (kind.asks or kind.protects)
        if once_a_day and (one.unread_since_yesterday or row.person_id in notified):
            continue
        if one.muted and not kind.protects:
            continue
        notified.add(row.person_id)
        at = _time_of_mail(kind, one.wish, one.person, moment) if by_mail else None
        if at == moment:
            at_once.append(row)
        elif at is not None:
            later[row.pk] = str(one.person.uuid), at
        if one.has_browser:
            quiet = None if _ignores_quiet_hours(kind, one.wish) else quiet_end(one.wish, one.person, moment)
            to_wake[one.person] = quiet or moment
    mails.queue_notification_mails(at_once)
    if later:
        Notification.objects.filter(pk__in=later).update(mail_waits=True)
        scheduler.schedule_all({(MAIL_WORK, key): at for key, at in later.values()})
    _schedule_push(to_wake)


def quiet_end(
    wish: NotificationSettings, person: User, moment: datetime.datetime
) -> datetime.datetime | None:
    """Return the end of the person's quiet hours, if the moment is within them."""
    return quiet_until(moment, zone=person.time_zone, begins=wish.quiet_from, ends=wish.quiet_to)


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
        wish = settings_of(person)
        rows = list(notifications_to_mail(person))
        at = _time_of_waiting_mail(wish, person, rows, moment)
        if at is not None and at > moment:
            scheduler.schedule(kind=MAIL_WORK, key=key, due_at=at)
            return
        Notification.objects.filter(person=person, mail_waits=True).update(mail_waits=False)
        if not rows or wish.mail == MailMode.NEVER:
            return
        for row in rows:
            row.person = person
        if len(rows) == 1:
            mails.queue_notification_mails(rows)
        else:
            mails.queue_digest_mail(person, rows)


def plan_mail(person: User) -> None:
    """Reschedule the person's pending mail after they changed their settings."""
    if Notification.objects.filter(person=person, mail_waits=True).exists():
        scheduler.schedule(kind=MAIL_WORK, key=str(person.uuid), due_at=now())


def _ignores_quiet_hours(kind: NotificationKind, wish: NotificationSettings) -> bool:
    return kind.protects or (kind.urgent and wish.urgent_passes)


def _time_of_mail(
    kind: NotificationKind, wish: NotificationSettings, person: User, moment: datetime.datetime
) -> datetime.datetime | None:
    """Return when to send a mail about something new: this moment, a later one, or None for never."""
    if kind.protects:
        return moment
    if wish.mail == MailMode.NEVER:
        return None
    if _ignores_quiet_hours(kind, wish):
        return moment
    if wish.mail == MailMode.DAILY:
        return next_hour(moment, zone=person.time_zone, hour=wish.digest_hour)
    return quiet_end(wish, person, moment) or moment


def _time_of_waiting_mail(
    wish: NotificationSettings, person: User, rows: list[Notification], moment: datetime.datetime
) -> datetime.datetime | None:
    """Return when to send pending mail by the current settings; None for never.

    A daily mail contains what arrived before its hour, so the hour also applies after a change of zone,
    and mail missed while no worker ran is sent at once.
    """
    if not rows or wish.mail == MailMode.NEVER:
        return None
    if wish.mail == MailMode.DAILY:
        zone, hour = person.time_zone, wish.digest_hour
        if min(row.at for row in rows) >= last_hour(moment, zone=zone, hour=hour):
            return next_hour(moment, zone=zone, hour=hour)
    return quiet_end(wish, person, moment) or moment


def _schedule_push(when: dict[User, datetime.datetime]) -> None:
    """Schedule push to the browsers of these people, at their moments."""
    if settings.VAPID_KEY and when:
        scheduler.schedule_all(
            {(PUSH_WORK, str(browser.uuid)): when[browser.person] for browser in browsers_of(when)}
        )
