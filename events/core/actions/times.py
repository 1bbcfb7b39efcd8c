"""Times of an event: proposals as plain values, local times as moments, opening hours, single dates."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import IO, Any
from uuid import uuid4
from zoneinfo import available_timezones

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from PIL import Image

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.files.public_copy import clean_picture
from documents.models import StoredFile
from events.core import audit
from events.core.audit import notify_hosts_of_change
from events.core.enums import EventKind, Frequency
from events.core.facts import (
    EventTimes,
    LocalTime,
    MovedOccurrence,
    RecurrenceRule,
    Run,
    SpecialHours,
    VenueFacts,
    WeeklyHours,
)
from events.core.models import Event, EventText, Occurrence, OpeningHours, SpecialDay, public_storage
from events.core.occurrences import DAY, dates_by_rule, occurrences, to_naive_datetime, to_utc
from events.core.permissions import event_to_change

ALMATY = "Asia/Almaty"


@dataclass(frozen=True)
class EventTextInput:
    """The texts of an event in one language."""

    title: str = ""
    text: str = ""
    place: str = ""
    address: str = ""
    access_notes: str = ""


@dataclass(frozen=True)
class EventTimesInput:
    """Times: local, in `zone`. Without `starts_at_time` whole days, `ends_on` the last of them.

    Without `ends_on` it ends on the day it begins, without `ends_at_time` when it begins. `run_from` and
    `run_until` are a run with opening hours; then whole days have no time of their own.
    """

    starts_on: datetime.date
    starts_at_time: datetime.time | None = None
    ends_on: datetime.date | None = None
    ends_at_time: datetime.time | None = None
    zone: str = ALMATY
    run_from: datetime.date | None = None
    run_until: datetime.date | None = None
    frequency: str = ""
    interval: int = 1
    weekdays: Sequence[int] = ()
    repeat_until: datetime.date | None = None


TIME_FIELDS = tuple(field.name for field in fields(EventTimesInput))  # of Event, too
EventPlaceInput = VenueFacts  # the language-independent parts of a place
PLACE_TEXT_FIELDS = ("place", "address", "access_notes")
EVENT_TEXT_FIELDS = ("title", "text", *PLACE_TEXT_FIELDS)


def write_event_texts(event: Event, texts: Mapping[str, EventTextInput]) -> list[str]:
    """Write the given languages, and an empty text for each that has none yet. Others stay.

    Return the fields that changed. Call in a transaction, with the event's row locked.
    """
    rows = {text.language: text for text in EventText.objects.filter(event=event)}
    changed: set[str] = set()
    for language in Language.values:
        row = rows.get(language) or EventText(event=event, language=language)
        given = texts.get(language)
        if given is not None:
            for name in EVENT_TEXT_FIELDS:
                value = getattr(given, name).strip()
                value = value if name == "text" else " ".join(value.split())  # one line
                if getattr(row, name) != value:
                    setattr(row, name, value)
                    changed.add(name)
        if row._state.adding or given is not None:
            row.save()
    return sorted(changed)


MAX_PICTURE_WIDTH = 1600  # longer side, in pixels


def copy_picture_for_public(file: StoredFile) -> str:
    """Make the public copy and return its name in the public storage. Call before the transaction.

    The caller deletes it with `delete_public_picture` if the transaction fails. Raises Refused if the
    picture is gone.
    """
    return public_storage().save(f"events/{uuid4().hex}.jpg", ContentFile(render_small_jpeg(file)))


def render_small_jpeg(file: StoredFile, widest: int = MAX_PICTURE_WIDTH) -> bytes:
    """Return the picture as JPEG without metadata, its longer side at most `widest`. Raises Refused
    if it is gone."""
    try:
        with file.file.storage.open(str(file.file.name)) as kept:
            return render_jpeg(kept, file.content_type, widest)
    except OSError as error:
        raise Refused(_("The picture cannot be read any more. Choose another one.")) from error


def render_jpeg(content: IO[bytes], media_type: str, widest: int = MAX_PICTURE_WIDTH) -> bytes:
    """Re-encode a picture on white, its longer side at most `widest`. Raises Refused if it is broken
    or too large."""
    clean = clean_picture(content, media_type)
    with Image.open(BytesIO(clean.content)) as picture:
        profile = picture.info.get("icc_profile")
        if picture.mode != "RGB" and ("A" in picture.mode or "transparency" in picture.info):
            see_through = picture.convert("RGBA")
            white = Image.new("RGBA", see_through.size, "white")
            drawn = Image.alpha_composite(white, see_through).convert("RGB")
        else:
            drawn = picture.convert("RGB")  # a copy
    drawn.thumbnail((widest, widest))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True, icc_profile=profile if drawn.mode == "RGB" else None)
    return out.getvalue()


def delete_public_picture(name: str) -> None:
    """Delete a public copy; do nothing for ""."""
    if name:
        public_storage().delete(name)


EARLIEST, LATEST = datetime.date(1991, 1, 1), datetime.date(2100, 1, 1)
MAX_EVENT_LENGTH = datetime.timedelta(days=3660)  # of a rule with an end, and of a run


def set_event_times(event: Event, times: EventTimesInput) -> None:
    """Set the event's times as proposed and derive the moments. Raises Refused as that does."""
    for name in TIME_FIELDS:
        setattr(event, name, getattr(times, name))
    event.ends_on = times.ends_on or times.starts_on
    event.weekdays = sorted(set(times.weekdays))
    derive_event_moments(event)


def times_input_for(event: Event) -> EventTimesInput:
    """Return the event's times as a proposal."""
    return EventTimesInput(**{name: getattr(event, name) for name in TIME_FIELDS})


def derive_event_moments(event: Event) -> None:
    """Derive `starts_at`, `ends_at` and `lasts_until` from the local times. Does not save.

    Raises Refused with a reason if the times contradict each other. A local time that a clock change
    skips or repeats is read with the offset before the change.
    """
    check_zone(event.zone)
    if event.run_from and event.starts_at_time is None:
        event.starts_on = event.ends_on = event.run_from  # no opening: it begins with the run
        event.ends_at_time = None
    _check_times(event)
    start, end = _local(event)
    event.starts_at = to_utc(to_naive_datetime(start), event.zone)
    event.ends_at = to_utc(to_naive_datetime(end), event.zone)
    event.lasts_until = _lasts_until(event)


def delete_outdated_exceptions(event: Event) -> None:
    """Remove special days and exceptions that no longer apply after the times changed.

    Special days are cut to the run, exceptions to the dates of the rule. Call in a transaction.
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
    """Whether the rule, without exceptions, includes this date."""
    rule = _rule(event)
    if rule is None:
        return on == event.starts_on
    start = to_naive_datetime(_local(event)[0])
    first = datetime.datetime.combine(on, datetime.time.min)
    return any(dates_by_rule(start, rule, first, first + DAY - datetime.timedelta.resolution))


def times_of(event: Event, language: str = "") -> EventTimes:
    """Return the event's times as facts; `language`: for the reasons of special days.

    Reads hours, special days and exceptions, which `prefetch_event_details` prefetches for many events.
    """
    start, end = _local(event)
    exceptions = list(event.exceptions.all()) if event.pk else []
    moved = []
    for one in exceptions:
        if one.left_out and one.to_date:
            time = one.to_time or event.starts_at_time
            to = one.to_date if time is None else datetime.datetime.combine(one.to_date, time)
            moved.append(MovedOccurrence(one.on, to))
    return EventTimes(
        zone=event.zone,
        start=start,
        end=end,
        rule=_rule(event),
        left_out=tuple(one.on for one in exceptions if one.left_out and not one.to_date),
        also=tuple(one.on for one in exceptions if not one.left_out),
        moved=tuple(moved),
        run=_run(event, language),
    )


def _local(event: Event) -> tuple[LocalTime, LocalTime]:
    if event.starts_at_time is None:
        return event.starts_on, event.ends_on + DAY
    start = datetime.datetime.combine(event.starts_on, event.starts_at_time)
    ends_at = event.ends_at_time or event.starts_at_time
    return start, datetime.datetime.combine(event.ends_on, ends_at)


def _rule(event: Event) -> RecurrenceRule | None:
    if not event.frequency:
        return None
    weekdays = tuple(int(day) for day in event.weekdays) if event.frequency == Frequency.WEEKLY else ()
    return RecurrenceRule(Frequency(event.frequency), event.interval, weekdays, event.repeat_until)


def _run(event: Event, language: str) -> Run | None:
    if event.run_from is None or event.run_until is None:
        return None
    by_times: dict[tuple[datetime.time, datetime.time], list[int]] = {}
    for one in event.hours.all() if event.pk else []:
        by_times.setdefault((one.opens, one.closes), []).append(one.weekday)
    openings = tuple(
        WeeklyHours(tuple(sorted(days)), opens, closes)
        for (opens, closes), days in sorted(by_times.items(), key=lambda pair: (min(pair[1]), pair[0]))
    )
    special = event.special_days.all() if event.pk else []
    specials = tuple(
        SpecialHours(one.first, one.last, one.opens, one.closes, one.why.in_language(language))
        for one in special
    )
    return Run(event.run_from, event.run_until, openings, specials)


_known_zones = cache(available_timezones)


def check_zone(zone: str) -> None:
    if zone not in _known_zones():
        raise Refused(_("There is no time zone called “%(zone)s”."), zone=zone)


def _check_times(event: Event) -> None:
    """Check what the form does not: TimesForm checks the order of dates and times, and the rule's values."""
    if event.starts_at_time is None:
        event.ends_at_time = None
    if not event.frequency:
        event.interval, event.weekdays, event.repeat_until = 1, [], None
    elif event.frequency != Frequency.WEEKLY:
        event.weekdays = []
    for day in (event.starts_on, event.ends_on, event.run_from):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Refused(_("The date lies too far away: check the year."))
    if event.run_from and event.run_until:
        if event.run_until - event.run_from > MAX_EVENT_LENGTH:
            raise Refused(_("It would be open for more than ten years: check the dates."))
        if event.frequency:
            raise Refused(
                _("What is open over days cannot come again by a rule: give it opening hours instead.")
            )
    if event.repeat_until is not None and event.repeat_until - event.starts_on > MAX_EVENT_LENGTH:
        raise Refused(_("The event would come again for more than ten years: leave the end open."))


def _lasts_until(event: Event) -> datetime.datetime | None:
    """Return the end of the last occurrence, exceptions included; None: without end."""
    times = times_of(event)
    if times.rule is not None and times.rule.until is None:
        return None
    start = to_naive_datetime(times.start)
    length = to_naive_datetime(times.end) - start
    begins = [start, *(datetime.datetime.combine(one, start.time()) for one in times.also)]
    begins += [to_naive_datetime(one.to) for one in times.moved]
    if times.rule is not None and times.rule.until is not None:
        end = datetime.datetime.combine(times.rule.until, datetime.time.max)
        begins += list(dates_by_rule(start, times.rule, start, end))[-1:]
    ends = [to_utc(max(begins) + length, times.zone)]
    if times.run is not None:
        ends.append(to_utc(to_naive_datetime(times.run.last + DAY), times.zone))
    return max(ends)


def set_times_if_changed(event: Event, times: EventTimesInput | None) -> bool:
    """Set these times, and return whether they differ from the previous ones. None: keep them.

    Call in a transaction; the caller saves the event. Special days and dates that no longer apply
    are removed; audiences who come earlier keep their interval. Raises Refused as `derive_event_moments`.
    """
    if times is None:
        return False
    before, began = times_input_for(event), event.starts_at_time
    set_event_times(event, times)
    if times_input_for(event) == before:
        return False
    delete_outdated_exceptions(event)
    if event.starts_at_time is None or began is None:
        event.audience_times.all().delete()  # whole days begin for all alike
    else:
        first, day, start, last = (
            datetime.datetime.combine(event.starts_on, time)
            for time in (datetime.time.min, began, event.starts_at_time, datetime.time(23, 59))
        )
        for row in event.audience_times.all():
            begins = datetime.datetime.combine(event.starts_on, row.begins) + (start - day)
            row.begins = min(max(begins, first), last).time()  # within its day
            row.save(update_fields=["begins"])
    derive_event_moments(event)
    return True


def set_hours(
    *,
    access: Access,
    event: Event,
    hours: Iterable[OpeningHours],
    special_days: Iterable[SpecialDay] = (),
) -> Event:
    """Set the whole week and all special days: unsaved rows that replace the previous ones.

    Raises NotAllowed without the right, Refused with a reason if the event has no run or is cancelled, if
    special days overlap or lie outside the run. HoursForm checks each row.
    """
    week, special = list(hours), list(special_days)
    with event_to_change(access, event) as locked:
        _check_special(locked, special)
        before = _hours_rows(locked)
        locked.hours.all().delete()
        locked.special_days.all().delete()
        rows: list[OpeningHours | SpecialDay] = [*week, *special]
        for row in rows:
            row.pk, row.event = None, locked
        OpeningHours.objects.bulk_create(week)
        SpecialDay.objects.bulk_create(special)
        if _hours_rows(locked) == before:
            return locked
        derive_event_moments(locked)
        audit.save_event_change(locked, access, "event.hours_set", kind="event_hours_set", shifts=True)
        notify_hosts_of_change(locked, by=access)
    return locked


def _check_special(event: Event, special: list[SpecialDay]) -> None:
    if event.run_from is None or event.run_until is None:
        raise Refused(_("Say first from which day to which it is open."))
    ordered = sorted(special, key=lambda one: (one.first, one.last))
    for one in ordered:
        if one.first < event.run_from or one.last > event.run_until:
            raise Refused(_("A special day lies outside the days on which it is open: check the dates."))
    for earlier, later in pairwise(ordered):
        if later.first > earlier.last:
            continue
        # The same days twice are a break at noon; of others it would be unclear which counts.
        same = (earlier.first, earlier.last) == (later.first, later.last)
        if not same or not (earlier.opens and earlier.closes and later.opens and later.closes):
            raise Refused(_("Two special days lie over each other: give each day once."))
        if later.opens < earlier.closes and earlier.opens < later.closes:
            raise Refused(_("Two openings on the same day overlap: check the hours."))


def _hours_rows(event: Event) -> list[tuple[object, ...]]:
    week = event.hours.order_by("weekday", "opens").values_list("weekday", "opens", "closes")
    special = event.special_days.order_by("first", "last", "opens")
    return [*week, *special.values_list("first", "last", "opens", "closes", "why")]


MAX_EXCEPTIONS = 500  # exceptions of one event


@contextmanager
def _changed_dates(access: Access, event: Event, word: str, on: datetime.date) -> Iterator[Event]:
    """Lock a recurring event, whose dates the caller changes; then save and notify, if they differ.

    Raises NotAllowed without the right, and Refused with a reason if the event is cancelled or does not
    recur, or if no date would be left.
    """
    with event_to_change(access, event) as locked:
        if not locked.frequency:
            raise Refused(_("The event does not come again: move or cancel it as a whole."))
        before = _exception_rows(locked)
        yield locked
        after = _exception_rows(locked)
        if after == before:
            return
        if len(after) > MAX_EXCEPTIONS:
            raise Refused(_("So many dates differ that a rule says little: plan several events instead."))
        derive_event_moments(locked)
        if locked.lasts_until is not None and locked.kind != EventKind.DEADLINE:
            days = [one.to_date or one.on for one in locked.exceptions.all()]
            begins = [datetime.datetime.combine(day, datetime.time.min, locked.zone_info) for day in days]
            first = min([locked.starts_at, *begins])
            if not occurrences(times_of(locked), first, locked.lasts_until, limit=1):
                raise Refused(_("No date would be left: cancel the event instead."))
        audit.save_event_change(
            locked, access, f"event.{word}", kind=f"event_{word}", shifts=True, on=on.isoformat()
        )
        notify_hosts_of_change(locked, by=access)


def exclude_date(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Leave one date out (EXDATE). `restore_date` undoes it. Idempotent.

    Each function here raises as `_changed_dates`, and Refused if the date is not one of its dates.
    """
    with _changed_dates(access, event, "date_left_out", on) as locked:
        _require_date(locked, on)
        if not locked.exceptions.filter(on=on, left_out=False).delete()[0]:
            wanted = {"left_out": True, "to_date": None, "to_time": None}
            Occurrence.objects.update_or_create(event=locked, on=on, defaults=wanted)
    return locked


def move_occurrence(
    *,
    access: Access,
    event: Event,
    on: datetime.date,
    to_date: datetime.date,
    to_time: datetime.time | None = None,
) -> Event:
    """Move one date (RECURRENCE-ID): `on` is the date by the rule, also if it was moved before.

    Without `to_time` it begins at the same time. Its duration stays.
    """
    with _changed_dates(access, event, "date_moved", on) as locked:
        _require_date(locked, on)
        if not EARLIEST <= to_date <= LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        to_time = None if locked.all_day else to_time
        if to_date == on and to_time in {None, locked.starts_at_time}:
            locked.exceptions.filter(on=on, left_out=True).delete()
        elif locked.exceptions.filter(on=on, left_out=False).exists():
            raise Refused(_("This date was added by hand: leave it out, and add the other one."))
        else:
            wanted = {"left_out": True, "to_date": to_date, "to_time": to_time}
            Occurrence.objects.update_or_create(event=locked, on=on, defaults=wanted)
    return locked


def restore_date(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Restore a date that was left out or moved to what the rule gives."""
    with _changed_dates(access, event, "date_taken_back", on) as locked:
        locked.exceptions.filter(on=on, left_out=True).delete()
    return locked


def add_date(*, access: Access, event: Event, on: datetime.date) -> Event:
    """Add a date beside those of the rule (RDATE), at the same time of day."""
    with _changed_dates(access, event, "date_added", on) as locked:
        if has_date(locked, on):
            raise Refused(_("The event takes place on this date already, by its rule."))
        if not EARLIEST <= on <= LATEST:
            raise Refused(_("The date lies too far away: check the year."))
        Occurrence.objects.get_or_create(event=locked, on=on, defaults={"left_out": False})
    return locked


def _require_date(event: Event, on: datetime.date) -> None:
    added = event.exceptions.filter(on=on, left_out=False).exists()
    if not added and not has_date(event, on):
        raise Refused(
            _("%(date)s is none of the dates of this event."), date=formats.date_format(on, "DATE_FORMAT")
        )


def _exception_rows(event: Event) -> list[tuple[Any, ...]]:
    return list(event.exceptions.order_by("on").values_list("on", "left_out", "to_date", "to_time"))


def take_over_hours(access: Access, source: Event, made: Event) -> None:
    """Copy the weekly opening hours, without dated exceptions."""
    if made.run_from is not None and source.hours.exists():
        set_hours(access=access, event=made, hours=source.hours.all())
