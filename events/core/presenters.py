"""Presenters of an event's time, place and hosts, shared by several pages."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from coalition.accounts.naming import Viewer, display_mark_for
from coalition.jobs.date_formats import day_in_words
from events.core.actions.times import times_of
from events.core.enums import Consent, EventKind, GettingIn
from events.core.facts import EventTimes
from events.core.formatting import (
    HoursLine,
    Numeral,
    last_day,
    moved_words,
    numeral,
    range_in_words,
    rule_words,
    specials_of,
    week_of,
    when_words,
    with_region,
)
from events.core.models import Event
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.queries import text_in

AHEAD = datetime.timedelta(days=400)


@dataclass(frozen=True)
class When:
    """Date as a figure and as text; recurrence; the time before a move; days and hours of a run."""

    numeral: Numeral
    day: str
    clock: str
    again: str
    was: str
    open_days: str
    week: list[HoursLine]
    specials: list[HoursLine]


def when_of(event: Event) -> When:
    """Return the event's own time: that of its next occurrence, if it recurs."""
    times = times_of(event, get_language() or "")
    one, run = next_of(event, times), times.run
    first, last = one.local_start.date(), last_day(one)
    words = day_in_words(first) if last == first else f"{day_in_words(first)} – {day_in_words(last)}"
    return When(
        numeral=numeral(first, last),
        day=words,
        clock=when_words(event, one),
        again=rule_words(times),
        was=moved_words(event, one),
        open_days=range_in_words(run.first, run.last) if run else "",
        week=week_of(run) if run else [],
        specials=specials_of(run) if run else [],
    )


def next_of(event: Event, times: EventTimes) -> Occurrence:
    """Return the current occurrence: the next one, or the event's own time."""
    if times.rule is not None:
        moment = timezone.now()
        if following := occurrences(times, moment, moment + AHEAD, limit=1):
            return following[0]
    return Occurrence(
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        local_start=event.local_start.replace(tzinfo=None),
        local_end=event.local_end.replace(tzinfo=None),
        all_day=event.all_day,
        part="event",
    )


def host_rows(event: Event, viewer: Viewer, *, asked: bool = True) -> list[dict[str, Any]]:
    """Return the planning organisation and the co-hosts; with `asked` also those who have not
    answered or declined, which is for organisers."""
    mark = display_mark_for(viewer, event.organisation)
    hosts: list[dict[str, Any]] = [{"mark": mark, "state": Consent.CONSENTED, "word": _("Plans the event")}]
    for row in event.co_hosts.select_related("organisation").order_by("id"):
        if row.state == Consent.CONSENTED or (asked and row.state != Consent.WITHDRAWN):
            mark = display_mark_for(viewer, row.organisation)
            word, asked_one = row.get_state_display(), row.organisation.uuid
            hosts.append({"mark": mark, "state": row.state, "word": word, "organisation": asked_one})
    return hosts


def place_facts(event: Event, *, knows_address: bool) -> list[tuple[str, str]]:
    """Return kind, place and step-free access in the reader's language, as a list of terms.
    `knows_address`: they work on it."""
    text = text_in(event, get_language() or "")
    held = event.address_for_confirmed and not knows_address
    where = "" if held else ", ".join(filter(None, [text.place, text.address]))
    has_place = text.place or text.address or event.step_free != GettingIn.UNKNOWN
    rows = [
        (_("Kind"), str(EventKind(event.kind).label)),
        (_("Place"), with_region(where, event.region)),
        (_("Getting in"), str(GettingIn(event.step_free).label) if has_place else ""),
        (_("Notes on access"), "" if held else text.access_notes),
    ]
    return [(term, words) for term, words in rows if words]


def is_over(event: Event) -> bool:
    """Whether its last occurrence has ended."""
    return event.lasts_until is not None and event.lasts_until + DAY < timezone.now()


BAR_MAX_WIDTH = 100  # width of the longest bar


@dataclass(frozen=True)
class ChartBar:
    """Bar of a chart: a line of its table. `width` out of a hundred."""

    label: str
    count: int
    width: int


def bars_of(pairs: Sequence[tuple[str, int]]) -> list[ChartBar]:
    """Return bars scaled to the longest one."""
    most = max((count for _label, count in pairs), default=0) or 1
    return [ChartBar(label, count, round(count * BAR_MAX_WIDTH / most)) for label, count in pairs]
