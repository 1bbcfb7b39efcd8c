"""Coverage presenters: rows, bars by week and region, totals by reliability of the reach."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.accounts.regions import REGIONS
from coalition.jobs.date_formats import day_in_words
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.models import Event
from events.core.pages import Area
from events.core.presenters import ChartBar, bars_of
from events.core.queries import text_in
from events.press.coverage.enums import CoverageKind, Proof
from events.press.coverage.models import Coverage
from events.press.coverage.queries import coverage_count
from events.press.permissions import may_manage_coverage

WEEKS = 26  # maximum, the newest
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class CoverageRow:
    """Coverage row for one reader."""

    row: Coverage
    mark: OrganisationMark
    day: str
    about: str
    reach: str
    event: str
    event_url: str
    publication_url: str
    may_change: bool


@dataclass(frozen=True)
class Total:
    """Total of one reliability: `people` is "" if no number is known."""

    proof: str
    count: int
    people: str


def coverage_rows(
    rows: Iterable[Coverage], access: Access, viewer: Viewer, seen_events: set[int]
) -> list[CoverageRow]:
    """Return the rows of the page, without database queries."""
    return [_coverage_row(one, access, viewer, seen_events) for one in rows]


def _coverage_row(one: Coverage, access: Access, viewer: Viewer, seen_events: set[int]) -> CoverageRow:
    time = formats.time_format(one.aired_at, "H:i") if one.aired_at else ""
    parts = [
        str(CoverageKind(one.kind).label),
        one.programme,
        str(Language(one.language).label) if one.language else "",
        str(REGIONS[one.region]) if one.region in REGIONS else "",
        str(one.get_tone_display()) if one.tone else "",
    ]
    event = one.event if one.event is not None and one.event.pk in seen_events else None
    return CoverageRow(
        row=one,
        mark=display_mark_for(viewer, one.organisation),
        day=", ".join(filter(None, [day_in_words(one.on), time])),
        about=" · ".join(filter(None, parts)),
        reach=reach_in_words(one),
        event=text_in(event, get_language() or "").title if event is not None else "",
        event_url=event.get_absolute_url() if event is not None else "",
        publication_url=reverse("documents:publication", args=[one.publication.uuid])
        if one.publication is not None
        else "",
        may_change=may_manage_coverage(access, one),
    )


def reach_in_words(one: Coverage) -> str:
    """Return “12 000, measured by the outlet”; "" if unknown."""
    if one.reach is None:
        return ""
    proof = str(Proof(one.proof).label)
    number = formats.number_format(one.reach, force_grouping=True)
    return _("%(number)s people: %(proof)s") % {"number": number, "proof": proof[:1].lower() + proof[1:]}


def totals(rows: Sequence[Coverage]) -> list[Total]:
    """Return entries and people for each reliability present. They are never added up."""
    found = []
    for proof in Proof:
        own = [one for one in rows if one.proof == proof]
        if own:
            people = sum(one.reach or 0 for one in own)
            shown = formats.number_format(people, force_grouping=True) if proof != Proof.NOT_KNOWN else ""
            found.append(Total(str(proof.label), len(own), shown))
    return found


def by_week(rows: Sequence[Coverage]) -> list[ChartBar]:
    """Return one bar per week, including empty weeks between first and last; the newest 26."""
    if not rows:
        return []
    counts = Counter(one.on - datetime.timedelta(days=one.on.weekday()) for one in rows)
    last = max(counts)
    first = max(min(counts), last - (WEEKS - 1) * WEEK)
    weeks = [first + WEEK * number for number in range((last - first).days // 7 + 1)]
    return bars_of([(formats.date_format(week, "j E"), counts[week]) for week in weeks])


def by_region(rows: Sequence[Coverage]) -> list[ChartBar]:
    """Return one bar per region, largest first, entries without a region last."""
    counts = Counter(one.region for one in rows)
    known = [(str(REGIONS[code]), count) for code, count in counts.most_common() if code in REGIONS]
    rest = sum(count for code, count in counts.items() if code not in REGIONS)
    return bars_of([*known, *([(_("Without a region"), rest)] if rest else [])])


def coverage_area(event: Event, access: Access) -> Area | None:
    """Return the event's line: number of coverage entries."""
    if not event.is_told or not access.may(Right.SEE_DRAFTS):
        return None
    count = coverage_count(event)
    words = ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
    address = reverse("events:press_coverage", args=[event.workspace.uuid])
    return Area(
        label=_("Coverage"),
        words=words if count else _("nothing noted yet"),
        address=f"{address}?event={event.uuid}",
        icon="horn",
    )


def table_heads() -> list[str]:
    """Return the column headings of the table, which the import also accepts."""
    return [
        _("Date"),
        _("Time"),
        _("Outlet"),
        _("Title"),
        _("Kind"),
        _("Programme"),
        _("Link"),
        _("Language"),
        _("Region"),
        _("Reach"),
        _("Proof"),
    ]


def table_cells(one: Coverage) -> list[str]:
    return [
        one.on.isoformat(),
        f"{one.aired_at:%H:%M}" if one.aired_at else "",
        one.outlet,
        one.title,
        str(CoverageKind(one.kind).label),
        one.programme,
        one.link,
        str(Language(one.language).label) if one.language else "",
        str(REGIONS[one.region]) if one.region in REGIONS else "",
        "" if one.reach is None else str(one.reach),
        str(Proof(one.proof).label),
    ]
