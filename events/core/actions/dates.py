"""The dates of an event that comes again: leaving one out, moving one, taking one besides."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit, cohost_notifications
from events.core.actions import times
from events.core.enums import EventKind
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.models.opening_hours import Occurrence
from events.core.occurrences import occurrences
from events.core.permissions import may_cancel, require_that

MOST = 500  # exceptions of one event


def leave_out(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Leave one date out (EXDATE). `take_back` undoes it. Leaving it out twice is one.

    Each function here raises NotAllowed without the right, and Refused in words if the event is cancelled
    or does not come again, or if the date is not one of its dates.
    """
    with transaction.atomic():
        locked = _hold(access, event)
        _require_date(locked, on)
        before = _rows(locked)
        added = locked.exceptions.filter(on=on, left_out=False)
        if added.exists():
            added.delete()
        else:
            wanted = {"left_out": True, "to_date": None, "to_time": None}
            Occurrence.objects.update_or_create(event=locked, on=on, defaults=wanted)
        return _settled(locked, access, before, "date_left_out", on)


def move_occurrence(
    *,
    access: Access,
    event: Event,
    on: datetime.date,
    to_date: datetime.date,
    to_time: datetime.time | None = None,
) -> Event:
    """Move one date elsewhere (RECURRENCE-ID): `on` is the date by the rule, also if it was moved before.

    Without `to_time` it begins at the same time. It lasts as long as the others.
    """
    with transaction.atomic():
        locked = _hold(access, event)
        _require_date(locked, on)
        if not times.EARLIEST <= to_date <= times.LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        if locked.all_day:
            to_time = None
        before = _rows(locked)
        if to_date == on and to_time in {None, locked.starts_at_time}:
            locked.exceptions.filter(on=on, left_out=True).delete()
        elif locked.exceptions.filter(on=on, left_out=False).exists():
            raise Refused(_("This date was added by hand: leave it out, and add the other one."))
        else:
            wanted = {"left_out": True, "to_date": to_date, "to_time": to_time}
            Occurrence.objects.update_or_create(event=locked, on=on, defaults=wanted)
        return _settled(locked, access, before, "date_moved", on)


def take_back(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Let a date that was left out or moved be as the rule says again."""
    with transaction.atomic():
        locked = _hold(access, event)
        before = _rows(locked)
        locked.exceptions.filter(on=on, left_out=True).delete()
        return _settled(locked, access, before, "date_taken_back", on)


def add_date(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Take a date besides those of the rule (RDATE), at the same time of day."""
    with transaction.atomic():
        locked = _hold(access, event)
        if times.has_date(locked, on):
            raise Refused(_("The event takes place on this date already, by its rule."))
        if not times.EARLIEST <= on <= times.LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        before = _rows(locked)
        Occurrence.objects.get_or_create(event=locked, on=on, defaults={"left_out": False})
        return _settled(locked, access, before, "date_added", on)


def _hold(access: Access, event: Event) -> Event:
    locked = hold(event)
    require_that(may_cancel(access, locked))
    refuse_cancelled(locked)
    if not locked.frequency:
        raise Refused(_("The event does not come again: move or cancel it as a whole."))
    return locked


def _require_date(event: Event, on: datetime.date) -> None:
    added = event.exceptions.filter(on=on, left_out=False).exists()
    if not added and not times.has_date(event, on):
        raise Refused(
            _("%(date)s is none of the dates of this event."), date=formats.date_format(on, "DATE_FORMAT")
        )


def _settled(event: Event, access: Access, before: list[Any], word: str, on: datetime.date) -> Event:
    if _rows(event) == before:
        return event
    if len(_rows(event)) > MOST:
        raise Refused(_("So many dates differ that a rule says little: plan several events instead."))
    times.settle(event)
    _require_some(event)
    audit.changed(event, access, f"event.{word}", kind=f"event_{word}", shifts=True, on=on.isoformat())
    cohost_notifications.changed(event, by=access)
    return event


def _require_some(event: Event) -> None:
    """Something must be left of an event that ends some day: else it would stand nowhere."""
    if event.lasts_until is None or event.kind == EventKind.DEADLINE:
        return
    first = min([event.starts_at, *(_midnight(event, one) for one in _begins(event))])
    if not occurrences(times.times_of(event), first, event.lasts_until, limit=1):
        raise Refused(_("No date would be left: cancel the event instead."))


def _begins(event: Event) -> list[datetime.date]:
    return [one.to_date or one.on for one in event.exceptions.all()]


def _midnight(event: Event, date: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time.min, event.zone_info)


def _rows(event: Event) -> list[tuple[Any, ...]]:
    return list(event.exceptions.order_by("on").values_list("on", "left_out", "to_date", "to_time"))
