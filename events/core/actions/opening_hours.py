"""When something that runs over days is open."""

from collections.abc import Iterable
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit, cohost_notifications
from events.core.actions import times
from events.core.actions.proposal import Hours, Special
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.models.opening_hours import OpeningHours, SpecialDay
from events.core.permissions import may_change, require_that


def set_hours(
    *, access: Access, event: Event, hours: Iterable[Hours], special_days: Iterable[Special] = ()
) -> Event:
    """Set the whole week and all days that differ. Rows replace those before.

    Raises NotAllowed without the right, Refused in words if the event does not run over days or is
    cancelled, if hours overlap or end before they begin, or if a special day lies outside the run.
    """
    week, special = list(hours), list(special_days)
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        _check_week(week)
        _check_special(locked, special)
        if not _write(locked, week, special):
            return locked
        times.settle(locked)
        audit.changed(locked, access, "event.hours_set", kind="event_hours_set", shifts=True)
        cohost_notifications.changed(locked, by=access)
    return locked


def _check_week(week: list[Hours]) -> None:
    by_day: dict[int, list[Hours]] = {}
    for one in week:
        if one.weekday not in range(7):
            raise Refused(_("There are seven days in a week: choose among them."))
        if one.closes <= one.opens:
            raise Refused(_("It would close before it opens: check the hours."))
        by_day.setdefault(one.weekday, []).append(one)
    for rows in by_day.values():
        rows.sort(key=lambda one: one.opens)
        if any(later.opens < earlier.closes for earlier, later in pairwise(rows)):
            raise Refused(_("Two openings on the same day overlap: check the hours."))


def _check_special(event: Event, special: list[Special]) -> None:
    if event.run_from is None or event.run_until is None:
        raise Refused(_("Say first from which day to which it is open."))
    ordered = sorted(special, key=lambda one: (one.first, one.last))
    for one in ordered:
        if one.last < one.first:
            raise Refused(_("The last of the special days lies before the first: check the dates."))
        if one.first < event.run_from or one.last > event.run_until:
            raise Refused(_("A special day lies outside the days on which it is open: check the dates."))
        if (one.opens is None) != (one.closes is None):
            raise Refused(_("Give both hours of a special day, or none if it is closed."))
        if one.opens and one.closes and one.closes <= one.opens:
            raise Refused(_("It would close before it opens: check the hours."))
    for earlier, later in pairwise(ordered):
        _check_beside(earlier, later)


def _check_beside(earlier: Special, later: Special) -> None:
    """The same days twice are a break at noon; other overlaps would leave open which of them counts."""
    if later.first > earlier.last:
        return
    same = (earlier.first, earlier.last) == (later.first, later.last)
    if not same or earlier.opens is None or later.opens is None or earlier.closes is None:
        raise Refused(_("Two special days lie over each other: give each day once."))
    if later.closes is not None and later.opens < earlier.closes and earlier.opens < later.closes:
        raise Refused(_("Two openings on the same day overlap: check the hours."))


def _write(event: Event, week: list[Hours], special: list[Special]) -> bool:
    """Replace the rows; returns whether anything is different now."""
    before = _rows(event)
    event.hours.all().delete()
    event.special_days.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(event=event, weekday=one.weekday, opens=one.opens, closes=one.closes) for one in week
    )
    SpecialDay.objects.bulk_create(
        SpecialDay(
            event=event,
            first=one.first,
            last=one.last,
            opens=one.opens,
            closes=one.closes,
            why={language: words.strip() for language, words in one.why if words.strip()},
        )
        for one in special
    )
    return _rows(event) != before


def _rows(event: Event) -> list[tuple[object, ...]]:
    week = event.hours.order_by("weekday", "opens").values_list("weekday", "opens", "closes")
    special = event.special_days.order_by("first", "last", "opens")
    return [*week, *special.values_list("first", "last", "opens", "closes", "why")]
