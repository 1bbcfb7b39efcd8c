"""Coverage presenters: rows, bars by week and region, totals by reliability of the reach."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext as _, ngettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import Viewer, display_mark_for
from coalition.jobs.date_formats import day_in_words
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.models import Event
from events.core.presenters import ChartBar, bars_of
from events.core.public_pages import Area
from events.core.queries import text_in
from events.press.coverage.models import Coverage, Proof
from events.press.coverage.queries import coverage_count
from events.press.permissions import may_manage_coverage

WEEKS = 26  # maximum, the newest
WEEK = datetime.timedelta(days=7)


def coverage_rows(
    rows: Iterable[Coverage], access: Access, viewer: Viewer, seen_events: set[int]
) -> list[dict[str, Any]]:
    """Return the rows of the page, without database queries. Only `seen_events` are named."""
    found, language = [], get_language() or ""
    for one in rows:
        time = formats.time_format(one.aired_at, "H:i") if one.aired_at else ""
        parts = [
            one.get_kind_display(),
            one.programme,
            one.get_language_display(),
            str(REGIONS.get(one.region, "")),
            one.get_tone_display(),
        ]
        event = one.event if one.event is not None and one.event.pk in seen_events else None
        row = {
            "row": one,
            "mark": display_mark_for(viewer, one.organisation),
            "day": ", ".join(filter(None, [day_in_words(one.on), time])),
            "about": " · ".join(filter(None, parts)),
            "reach": reach_in_words(one),
            "event": event,
            "event_title": text_in(event, language).title if event is not None else "",
            "may_change": may_manage_coverage(access, one),
        }
        found.append(row)
    return found


def reach_in_words(one: Coverage) -> str:
    """Return “12 000, measured by the outlet”; "" if unknown."""
    if one.reach is None:
        return ""
    proof = one.get_proof_display()
    number = formats.number_format(one.reach, force_grouping=True)
    return _("%(number)s people: %(proof)s") % {"number": number, "proof": proof[:1].lower() + proof[1:]}


def totals(rows: Sequence[Coverage]) -> list[tuple[str, int, str]]:
    """Return label, entries and people ("": not known) of each reliability. They are never added up."""
    found = []
    for proof in Proof:
        own = [one for one in rows if one.proof == proof]
        if own:
            people = sum(one.reach or 0 for one in own)
            shown = formats.number_format(people, force_grouping=True) if proof != Proof.NOT_KNOWN else ""
            found.append((str(proof.label), len(own), shown))
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
        one.get_kind_display(),
        one.programme,
        one.link,
        one.get_language_display(),
        str(REGIONS.get(one.region, "")),
        "" if one.reach is None else str(one.reach),
        one.get_proof_display(),
    ]
