"""Visitor presenters: days, hours, the event's line, and the numbers on a counting phone."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _, ngettext, pgettext

from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.generic_views import parse_day
from events.core.models import Event
from events.core.presenters import ChartBar, bars_of
from events.core.public_pages import Area
from events.exhibitions.visitors.actions import may_count, takes_place_on
from events.exhibitions.visitors.models import VisitorCounts, VisitorGroup, VisitorTick, visitors_of


def day_bars(counts: VisitorCounts) -> list[tuple[datetime.date, ChartBar]]:
    """Return the days with counts, newest first."""
    people = by_day(counts)
    days = sorted((day for day in people if people[day]), reverse=True)
    bars = bars_of([(day_in_words(day, with_year=False), people[day]) for day in days])
    return list(zip(days, bars, strict=True))


def by_day(counts: VisitorCounts) -> Counter[datetime.date]:
    found: Counter[datetime.date] = Counter()
    for (on, _hour, _group), people in counts.items():
        found[on] += people
    return found


def day_of(counts: VisitorCounts, on: datetime.date) -> dict[str, object]:
    """Return the `people` of one day, by group and by hour, from the first to the last with visitors."""
    hours, groups = Counter[int](), Counter[str]()
    for (day, hour, group), people in counts.items():
        if day == on:
            hours[hour] += people
            groups[group] += people
    came = [hour for hour, people in hours.items() if people]
    span = range(min(came), max(came) + 1) if came else range(0)
    return {
        "on": on,
        "words": day_in_words(on),
        "people": groups.total(),
        "groups": [(one.label, groups[one]) for one in VisitorGroup],
        "hours": bars_of([(hour_words(hour), hours[hour]) for hour in span]),
    }


def hour_words(hour: int) -> str:
    return f"{hour:02}:00–{(hour + 1) % 24:02}:00"


def busiest_hour_words(counts: VisitorCounts) -> str:
    """Return “Saturday 14 March, 15:00–16:00: 48 people”; "" without visitors."""
    hours: Counter[tuple[datetime.date, int]] = Counter()
    for (on, hour, _group), people in counts.items():
        hours[on, hour] += people
    if not hours or not (most := max(hours.values())):
        return ""
    on, hour = min(key for key, people in hours.items() if people == most)
    words = {"day": day_in_words(on, with_year=False), "hour": hour_words(hour), "people": people_words(most)}
    return _("%(day)s, %(hour)s: %(people)s") % words


def people_words(number: int) -> str:
    shown = formats.number_format(number, force_grouping=True)
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": shown}


def table_heads() -> list[str]:
    words = [_("Day"), pgettext("a first day", "From"), pgettext("a last day", "Until")]
    return [*words, *(str(one.label) for one in VisitorGroup), _("Together"), _("Put right, because")]


def table_cells(counts: VisitorCounts, corrections: Iterable[VisitorTick]) -> Iterator[list[str]]:
    """Yield one row for each hour with visitors, in chronological order."""
    whys: dict[tuple[datetime.date, int], list[str]] = defaultdict(list)
    for one in corrections:
        whys[one.on, one.hour].append(one.why)
    for on, hour in sorted({(on, hour) for on, hour, _group in counts}):
        people = [counts[on, hour, one.value] for one in VisitorGroup]
        numbers = [str(one) for one in (*people, sum(people))]
        span = [f"{on:%Y-%m-%d}", f"{hour:02}:00", f"{hour + 1:02}:00"]
        yield [*span, *numbers, "; ".join(whys[on, hour])]


def day_to_show(event: Event, counts: VisitorCounts, asked: str) -> datetime.date:
    """Return the requested day, today if it is one of the event's, or the last day with counts."""
    counted = [day for day, people in by_day(counts).items() if people]
    usual = event.today if takes_place_on(event, event.today) or not counted else max(counted)
    return parse_day(asked) or usual


def visitors_area(event: Event, access: Access) -> Area | None:
    """Return the line on an exhibition's page, for members who prepare it."""
    if event.kind != EventKind.EXHIBITION or not may_count(access, event):
        return None
    people = visitors_of(event)
    words = people_words(people) if people else _("nobody counted yet")
    return Area(_("Visitors"), words, reverse("events:visitors", args=[event.uuid]), "people")
