"""From local times to moments: what an event derives from what people mean, and its facts."""

import datetime
from functools import cache
from zoneinfo import available_timezones

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.core.actions.proposal import Planned
from events.core.enums import Frequency
from events.core.facts import Local, Moved, Opening, Rule, Run, Special, Times
from events.core.models.event import Event
from events.core.models.opening_hours import SpecialDay
from events.core.occurrences import DAY, at, dates_by_rule, moment

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
