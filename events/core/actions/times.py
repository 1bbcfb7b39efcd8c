"""From local times to moments: what an event derives from what people mean, and its facts."""

import datetime
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit, notifications
from events.core.actions.proposal import Hours, Planned, SpecialDays
from events.core.enums import EventKind, Frequency
from events.core.facts import Local, Moved, Opening, Rule, Run, Special, Times
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event, Occurrence, OpeningHours, SpecialDay
from events.core.occurrences import DAY, at, dates_by_rule, moment, occurrences
from events.core.permissions import may_cancel, may_change

EARLIEST, LATEST = datetime.date(1991, 1, 1), datetime.date(2100, 1, 1)
LONGEST = datetime.timedelta(days=3660)  # of a rule with an end, and of a run


def put(event: Event, times: Planned) -> None:
    """Write the proposed times into the event and settle them. Raises Refused as `settle` does."""
    event.zone = times.zone
    event.starts_on, event.starts_at_time = times.starts_on, times.starts_at_time
    event.ends_on, event.ends_at_time = times.ends_on or times.starts_on, times.ends_at_time
    event.run_from, event.run_until = times.run_from, times.run_until
    rule = times.rule
    event.frequency = rule.frequency if rule else ""
    event.interval = rule.interval if rule else 1
    event.weekdays = sorted(set(rule.weekdays)) if rule else []
    event.repeat_until = rule.until if rule else None
    settle(event)


def proposal_of(event: Event) -> Planned:
    """The event's times as a proposal: what `put` would write again."""
    return Planned(
        starts_on=event.starts_on,
        starts_at_time=event.starts_at_time,
        ends_on=event.ends_on,
        ends_at_time=event.ends_at_time,
        zone=event.zone,
        run_from=event.run_from,
        run_until=event.run_until,
        rule=_rule(event),
    )


def settle(event: Event) -> None:
    """Derive `starts_at`, `ends_at` and `lasts_until` from the local times. Saves nothing.

    Raises Refused in words if the times contradict each other. A local time that the clock skips or
    shows twice is read with the offset before the change.
    """
    check_zone(event.zone)
    if event.run_from and event.starts_at_time is None:
        event.starts_on = event.ends_on = event.run_from  # no opening: it begins with the run
        event.ends_at_time = None
    _check_own(event)
    _check_run(event)
    _check_rule(event)
    start, end = _local(event)
    event.starts_at, event.ends_at = moment(at(start), event.zone), moment(at(end), event.zone)
    event.lasts_until = _lasts_until(event)


def drop_outdated(event: Event) -> None:
    """After other times were put: take away the dates and days that differed from what is no longer so.

    Special days are cut to the run, exceptions to the dates of the rule. In the caller's transaction.
    """
    if event.run_from is None or event.run_until is None:
        event.hours.all().delete()
        event.special_days.all().delete()
    else:
        event.special_days.filter(Q(last__lt=event.run_from) | Q(first__gt=event.run_until)).delete()
        event.special_days.filter(first__lt=event.run_from).update(first=event.run_from)
        event.special_days.filter(last__gt=event.run_until).update(last=event.run_until)
    for one in event.exceptions.all():
        if not event.frequency or one.left_out != has_date(event, one.on):
            one.delete()


def has_date(event: Event, on: datetime.date) -> bool:
    """Whether the rule, without exceptions, gives this date."""
    rule = _rule(event)
    if rule is None:
        return on == event.starts_on
    start = at(_local(event)[0])
    first = datetime.datetime.combine(on, datetime.time.min)
    return any(dates_by_rule(start, rule, first, first + DAY - datetime.timedelta.resolution))


def times_of(event: Event, language: str = "") -> Times:
    """The event's times as facts; `language` is that of the reasons for special days.

    Asks for hours, special days and exceptions, which `with_words` fetches for many events at once.
    """
    start, end = _local(event)
    exceptions = list(event.exceptions.all()) if event.pk else []
    moved = tuple(
        Moved(one.on, _begins(one.to_date, one.to_time or event.starts_at_time))
        for one in exceptions
        if one.left_out and one.to_date
    )
    return Times(
        zone=event.zone,
        start=start,
        end=end,
        rule=_rule(event),
        left_out=tuple(one.on for one in exceptions if one.left_out and not one.to_date),
        also=tuple(one.on for one in exceptions if not one.left_out),
        moved=moved,
        run=_run(event, language),
    )


def _local(event: Event) -> tuple[Local, Local]:
    if event.starts_at_time is None:
        return event.starts_on, event.ends_on + DAY
    start = datetime.datetime.combine(event.starts_on, event.starts_at_time)
    ends_at = event.ends_at_time or event.starts_at_time
    return start, datetime.datetime.combine(event.ends_on, ends_at)


def _begins(date: datetime.date, time: datetime.time | None) -> Local:
    return datetime.datetime.combine(date, time) if time is not None else date


def _rule(event: Event) -> Rule | None:
    if not event.frequency:
        return None
    weekdays = tuple(int(day) for day in event.weekdays) if event.frequency == Frequency.WEEKLY else ()
    return Rule(Frequency(event.frequency), event.interval, weekdays, event.repeat_until)


def _run(event: Event, language: str) -> Run | None:
    if event.run_from is None or event.run_until is None:
        return None
    by_times: dict[tuple[datetime.time, datetime.time], list[int]] = {}
    for one in event.hours.all() if event.pk else []:
        by_times.setdefault((one.opens, one.closes), []).append(one.weekday)
    openings = tuple(
        Opening(tuple(sorted(days)), opens, closes)
        for (opens, closes), days in sorted(by_times.items(), key=lambda pair: (min(pair[1]), pair[0]))
    )
    special = event.special_days.all() if event.pk else []
    specials = tuple(
        Special(one.first, one.last, one.opens, one.closes, why_of(one, language)) for one in special
    )
    return Run(event.run_from, event.run_until, openings, specials)


def why_of(day: SpecialDay, language: str) -> str:
    """The reason in the language, or in the next best that has one."""
    order = [language, "kk", "ru", "en"]
    return next((str(day.why[code]) for code in order if day.why.get(code)), "")


def check_zone(zone: str) -> None:
    if zone not in _zones():
        raise Refused(_("There is no time zone called “%(zone)s”."), zone=zone)


@cache
def _zones() -> set[str]:
    return available_timezones()


def _check_own(event: Event) -> None:
    if not EARLIEST <= event.starts_on <= event.ends_on <= LATEST:
        if event.ends_on < event.starts_on:
            raise Refused(_("The event ends before it begins: check the dates."))
        raise Refused(_("The date lies too far away: check the year."))
    if event.starts_at_time is None:
        event.ends_at_time = None
        return
    if event.ends_at_time is None and event.ends_on != event.starts_on:
        raise Refused(_("Say at what time the event ends on its last day."))
    if event.ends_on == event.starts_on and event.ends_at_time and event.ends_at_time < event.starts_at_time:
        raise Refused(_("The event ends before it begins: check the times."))


def _check_run(event: Event) -> None:
    if event.run_from is None and event.run_until is None:
        return
    if event.run_from is None or event.run_until is None:
        raise Refused(_("Give both the first and the last day on which it is open."))
    if event.run_until < event.run_from:
        raise Refused(_("The last day on which it is open lies before the first: check the dates."))
    if event.run_until - event.run_from > LONGEST or not EARLIEST <= event.run_from <= LATEST:
        raise Refused(_("It would be open for more than ten years: check the dates."))
    if event.frequency:
        raise Refused(_("What is open over days cannot come again by a rule: give it opening hours instead."))


def _check_rule(event: Event) -> None:
    if not event.frequency:
        event.interval, event.weekdays, event.repeat_until = 1, [], None
        return
    if event.frequency != Frequency.WEEKLY:
        event.weekdays = []
    if not 1 <= event.interval <= 99:
        raise Refused(_("An event comes again every 1 to 99 days, weeks, months or years."))
    if any(day not in range(7) for day in event.weekdays):
        raise Refused(_("There are seven days in a week: choose among them."))
    if event.weekdays and event.starts_on.weekday() not in event.weekdays:
        raise Refused(_("The first date is not one of the days on which the event comes again."))
    if event.repeat_until is not None:
        if event.repeat_until < event.starts_on:
            raise Refused(_("The event would stop coming again before it begins: check the dates."))
        if event.repeat_until - event.starts_on > LONGEST:
            raise Refused(_("The event would come again for more than ten years: leave the end open."))


def _lasts_until(event: Event) -> datetime.datetime | None:
    """The end of the last occurrence, with everything that differs from the rule; None: without end."""
    times = times_of(event)
    if times.rule is not None and times.rule.until is None:
        return None
    start, length = at(times.start), at(times.end) - at(times.start)
    begins = [start, *(datetime.datetime.combine(one, start.time()) for one in times.also)]
    begins += [at(one.to) for one in times.moved]
    if times.rule is not None and times.rule.until is not None:
        end = datetime.datetime.combine(times.rule.until, datetime.time.max)
        begins += list(dates_by_rule(start, times.rule, start, end))[-1:]
    ends = [moment(max(begins) + length, times.zone)]
    if times.run is not None:
        ends.append(moment(at(times.run.last + DAY), times.zone))
    return max(ends)


# --- replace times ---
# Putting other times into an event: what hung on the old ones goes along with it, or goes away.


def put_other(event: Event, times: Planned | None) -> bool:
    """Put these times into the event, and return whether they differ from those it had. None: they stay.

    In the caller's transaction, which saves the event. Special days and dates that are no longer so are
    taken away; who comes earlier comes as long before everyone as they did. Raises Refused as `settle` does.
    """
    if times is None:
        return False
    before, began = proposal_of(event), event.starts_at_time
    put(event, times)
    if proposal_of(event) == before:
        return False
    drop_outdated(event)
    _take_audiences_along(event, began)
    settle(event)
    return True


def _take_audiences_along(event: Event, began: datetime.time | None) -> None:
    """Audiences keep their distance to the beginning, within its day; whole days begin for all alike."""
    if event.starts_at_time is None or began is None:
        event.audience_times.all().delete()
        return
    first = datetime.datetime.combine(event.starts_on, datetime.time.min)
    last = datetime.datetime.combine(event.starts_on, datetime.time(23, 59))
    later = _on(event, event.starts_at_time) - _on(event, began)
    for row in event.audience_times.all():
        begins = min(max(_on(event, row.begins) + later, first), last).time()
        if begins != row.begins:
            row.begins = begins
            row.save(update_fields=["begins"])


def _on(event: Event, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(event.starts_on, time)


# --- opening hours ---
# When something that runs over days is open.


def set_hours(
    *, access: Access, event: Event, hours: Iterable[Hours], special_days: Iterable[SpecialDays] = ()
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
        settle(locked)
        audit.changed(locked, access, "event.hours_set", kind="event_hours_set", shifts=True)
        notifications.changed(locked, by=access)
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


def _check_special(event: Event, special: list[SpecialDays]) -> None:
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


def _check_beside(earlier: SpecialDays, later: SpecialDays) -> None:
    """The same days twice are a break at noon; other overlaps would leave open which of them counts."""
    if later.first > earlier.last:
        return
    same = (earlier.first, earlier.last) == (later.first, later.last)
    if not same or earlier.opens is None or later.opens is None or earlier.closes is None:
        raise Refused(_("Two special days lie over each other: give each day once."))
    if later.closes is not None and later.opens < earlier.closes and earlier.opens < later.closes:
        raise Refused(_("Two openings on the same day overlap: check the hours."))


def _write(event: Event, week: list[Hours], special: list[SpecialDays]) -> bool:
    """Replace the rows; returns whether anything is different now."""
    before = _hours_rows(event)
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
    return _hours_rows(event) != before


def _hours_rows(event: Event) -> list[tuple[object, ...]]:
    week = event.hours.order_by("weekday", "opens").values_list("weekday", "opens", "closes")
    special = event.special_days.order_by("first", "last", "opens")
    return [*week, *special.values_list("first", "last", "opens", "closes", "why")]


# --- dates ---
# The dates of an event that comes again: leaving one out, moving one, taking one besides.


MOST = 500  # exceptions of one event


def leave_out(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Leave one date out (EXDATE). `take_back` undoes it. Leaving it out twice is one.

    Each function here raises NotAllowed without the right, and Refused in words if the event is cancelled
    or does not come again, or if the date is not one of its dates.
    """
    with transaction.atomic():
        locked = _hold(access, event)
        _require_date(locked, on)
        before = _exception_rows(locked)
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
        if not EARLIEST <= to_date <= LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        if locked.all_day:
            to_time = None
        before = _exception_rows(locked)
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
        before = _exception_rows(locked)
        locked.exceptions.filter(on=on, left_out=True).delete()
        return _settled(locked, access, before, "date_taken_back", on)


def add_date(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Take a date besides those of the rule (RDATE), at the same time of day."""
    with transaction.atomic():
        locked = _hold(access, event)
        if has_date(locked, on):
            raise Refused(_("The event takes place on this date already, by its rule."))
        if not EARLIEST <= on <= LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        before = _exception_rows(locked)
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
    if not added and not has_date(event, on):
        raise Refused(
            _("%(date)s is none of the dates of this event."), date=formats.date_format(on, "DATE_FORMAT")
        )


def _settled(event: Event, access: Access, before: list[Any], word: str, on: datetime.date) -> Event:
    if _exception_rows(event) == before:
        return event
    if len(_exception_rows(event)) > MOST:
        raise Refused(_("So many dates differ that a rule says little: plan several events instead."))
    settle(event)
    _require_some(event)
    audit.changed(event, access, f"event.{word}", kind=f"event_{word}", shifts=True, on=on.isoformat())
    notifications.changed(event, by=access)
    return event


def _require_some(event: Event) -> None:
    """Something must be left of an event that ends some day: else it would stand nowhere."""
    if event.lasts_until is None or event.kind == EventKind.DEADLINE:
        return
    first = min([event.starts_at, *(_midnight(event, one) for one in _first_days(event))])
    if not occurrences(times_of(event), first, event.lasts_until, limit=1):
        raise Refused(_("No date would be left: cancel the event instead."))


def _first_days(event: Event) -> list[datetime.date]:
    return [one.to_date or one.on for one in event.exceptions.all()]


def _midnight(event: Event, date: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time.min, event.zone_info)


def _exception_rows(event: Event) -> list[tuple[Any, ...]]:
    return list(event.exceptions.order_by("on").values_list("on", "left_out", "to_date", "to_time"))
