"""What several pages say of an event: when, where, who hosts it."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.jobs.date_formats import day_in_words
from events.core.actions.times import times_of
from events.core.enums import Consent, EventKind, GettingIn
from events.core.facts import Times
from events.core.formatting import (
    Numeral,
    last_day,
    moved_words,
    numeral,
    rule_words,
    when_words,
    with_region,
)
from events.core.models import CoHost, Event, EventText
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.opening_hours_text import Line, run_in_words, specials_of, week_of
from events.core.queries import text_in

AHEAD = datetime.timedelta(days=400)


@dataclass(frozen=True)
class When:
    """Date as a figure and in words; how it comes again; where it was before it was moved."""

    numeral: Numeral
    day: str
    clock: str
    again: str
    was: str
    open_days: str
    week: list[Line]
    specials: list[Line]


@dataclass(frozen=True)
class Host:
    """An organisation that hosts or was asked to."""

    mark: OrganisationMark
    state: str
    word: str
    organisation: UUID | None = None  # of one that was asked


def when_of(event: Event) -> When:
    """The event's own time: that of its next occurrence, if it comes again."""
    times = times_of(event, get_language() or "")
    one = next_of(event, times)
    first, last = one.local_start.date(), last_day(one)
    run = times.run
    words = day_in_words(first) if last == first else f"{day_in_words(first)} – {day_in_words(last)}"
    return When(
        numeral=numeral(first, last),
        day=words,
        clock=when_words(event, one),
        again=rule_words(times),
        was=moved_words(event, one),
        open_days=run_in_words(run) if run else "",
        week=week_of(run) if run else [],
        specials=specials_of(run) if run else [],
    )


def next_of(event: Event, times: Times) -> Occurrence:
    """The occurrence that people mean now: the next one, or the event's own time."""
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


def host_rows(event: Event, viewer: Viewer, *, asked: bool = True) -> list[Host]:
    """The planning organisation and those that host with it; with `asked` also who has not answered or
    declined, which is for those who prepare it."""
    hosts = [Host(display_mark_for(viewer, event.organisation), Consent.CONSENTED, _("Plans the event"))]
    rows: list[CoHost] = list(event.co_hosts.select_related("organisation").order_by("id"))
    return hosts + [
        Host(
            mark=display_mark_for(viewer, row.organisation),
            state=row.state,
            word=str(row.get_state_display()),
            organisation=row.organisation.uuid,
        )
        for row in rows
        if row.state == Consent.CONSENTED or (asked and row.state != Consent.WITHDRAWN)
    ]


def place_facts(event: Event, *, knows_address: bool) -> list[tuple[str, str]]:
    """Kind, place and way in, in the reader's language, as a list of terms. `knows_address`: they
    work on it."""
    text = text_in(event, get_language() or "")
    held = event.address_for_confirmed and not knows_address
    where = "" if held else ", ".join(filter(None, [text.place, text.address]))
    rows = [
        (_("Kind"), str(EventKind(event.kind).label)),
        (_("Place"), with_region(where, event.region)),
        (_("Getting in"), str(GettingIn(event.step_free).label) if _has_place(event, text) else ""),
        (_("Notes on access"), "" if held else text.access_notes),
    ]
    return [(term, words) for term, words in rows if words]


def _has_place(event: Event, text: EventText) -> bool:
    return bool(text.place or text.address or event.step_free != GettingIn.UNKNOWN)


def is_over(event: Event) -> bool:
    """Whether its last occurrence has ended."""
    return event.lasts_until is not None and event.lasts_until + DAY < timezone.now()
