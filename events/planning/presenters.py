"""What the desk's page of one event shows, in words for one reader."""

import datetime
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import Mark, Viewer, display_mark_for
from coalition.jobs.moments import day_in_words
from documents.drafts.enums import Handling
from events.calendar.presenters import with_region
from events.core.actions.announce import obstacles
from events.core.actions.times import times_of
from events.core.enums import Answer, Consent, EventKind, EventState, GettingIn, Visibility
from events.core.facts import Times
from events.core.models import CoHost, Event, EventInvitation, EventText
from events.core.occurrences import DAY, Occurrence, occurrences
from events.core.opening_hours_text import Line, run_in_words, specials_of, week_of
from events.core.queries import text_in
from events.production.fallback_venue.queries import second_place_of
from events.public.formatting import Numeral, last_day, moved_words, numeral, rule_words, when_words

AHEAD = datetime.timedelta(days=400)
MOST_DATES = 8


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
class Date:
    """One date of an event that comes again. `original` is the one that the rule gives."""

    original: datetime.date
    words: str
    moved: bool
    left_out: bool


@dataclass(frozen=True)
class Second:
    """Where the event goes if its place falls through; `used`: this is the place that it left."""

    where: str
    agreed: bool
    note: str
    used: bool


@dataclass(frozen=True)
class Host:
    """An organisation that hosts or was asked to."""

    mark: Mark
    state: str
    word: str
    organisation: UUID | None = None  # of one that was asked


@dataclass(frozen=True)
class LanguageOf:
    """The words of an event in one language, and which of them are missing."""

    code: str
    name: str
    text: EventText
    written: bool


@dataclass(frozen=True)
class Reach:
    """Who sees the event now, in a badge and a sentence."""

    label: str
    kind: str
    icon: str
    words: str


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


def second_of(event: Event) -> Second | None:
    """Plan B for those who prepare the event: where, in the reader's language or the next best."""
    row = second_place_of(event)
    if row is None:
        return None
    language = get_language() or ""
    written = [one for one in (language, *Language.values) if any(row.words.get(one, {}).values())]
    words = row.words.get(next(iter(written), ""), {})
    where = ", ".join(filter(None, [words.get("place"), words.get("address")]))
    return Second(
        where=with_region(where, row.region) or row.online_link,
        agreed=row.agreed,
        note=row.note,
        used=row.used_at is not None,
    )


def dates_of(event: Event) -> list[Date]:
    """The next dates of an event that comes again, with those left out in their place."""
    if not event.frequency:
        return []
    times = times_of(event, get_language() or "")
    moment = timezone.now()
    found = [
        Date(one.original, _date_words(one), one.original in _moved(times), left_out=False)
        for one in occurrences(times, moment, moment + AHEAD, limit=MOST_DATES)
        if one.original is not None
    ]
    until = max((one.original for one in found), default=None)
    today = timezone.localdate()
    found += [
        Date(day, day_in_words(day), moved=False, left_out=True)
        for day in times.left_out
        if day >= today and (until is None or day <= until)
    ]
    return sorted(found, key=lambda one: one.original)


def _moved(times: Times) -> set[datetime.date]:
    return {one.original for one in times.moved}


def _date_words(one: Occurrence) -> str:
    day = day_in_words(one.local_start.date())
    if one.all_day:
        return day
    return _("%(day)s, %(time)s") % {"day": day, "time": formats.time_format(one.local_start, "H:i")}


def hosts_of(event: Event, viewer: Viewer, *, asked: bool = True) -> list[Host]:
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


def languages_of(event: Event) -> list[LanguageOf]:
    """The words language by language; Kazakh first."""
    texts = {text.language: text for text in event.texts.all()}
    return [
        LanguageOf(
            code=language.value,
            name=str(language.label),
            text=texts.get(language.value) or EventText(event=event, language=language.value),
            written=bool(language.value in texts and texts[language.value].title),
        )
        for language in Language
    ]


def reach_of(event: Event) -> Reach:
    """Who sees the event now."""
    if not event.is_told:
        return Reach(
            str(EventState.PLANNED.label),
            "internal",
            "pen",
            _("People of this workspace who may see drafts. Observers and everyone else do not know of it."),
        )
    visibility = Visibility(event.visibility)
    words = {
        Visibility.WORKSPACE: _("Everyone with a seat in this workspace."),
        Visibility.COALITION: _("Every member of the coalition."),
        Visibility.PUBLIC: _("Everyone: the site and its calendars."),
    }[visibility]
    kind, icon = ("public", "horn") if event.is_public else ("internal", "lock")
    return Reach(str(visibility.label), kind, icon, words)


def missing_of(event: Event, viewer: Viewer) -> list[str]:
    """What stands in the way of telling it as widely as its mark allows, before anybody was told."""
    if event.state != EventState.PLANNED:
        return []
    return obstacles(event, _aim(event), viewer)


def _aim(event: Event) -> Visibility:
    return {Handling.PUBLIC: Visibility.PUBLIC, Handling.COALITION: Visibility.COALITION}.get(
        Handling(event.handling), Visibility.WORKSPACE
    )


def facts_of(event: Event, *, knows_address: bool) -> list[tuple[str, str]]:
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


def answers_of(event: Event) -> list[tuple[str, str, int]]:
    """How many of those invited answered what: (value, word, count). Empty if nobody is invited."""
    rows = EventInvitation.objects.filter(event=event, withdrawn_at=None).values_list("answer", flat=True)
    counted = Counter(rows)
    if not counted:
        return []
    return [(answer.value, str(answer.label), counted[answer.value]) for answer in Answer]


def is_over(event: Event) -> bool:
    """Whether its last occurrence has ended."""
    return event.lasts_until is not None and event.lasts_until + DAY < timezone.now()
