"""What the desk's page of one event shows, in words for one reader."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer
from coalition.jobs.date_formats import day_in_words
from documents.drafts.enums import Handling
from events.core.actions.announce import obstacles
from events.core.actions.times import times_of
from events.core.enums import Answer, EventState, Visibility
from events.core.facts import Times
from events.core.models import Event, EventInvitation, EventText
from events.core.occurrences import Occurrence, occurrences
from events.core.presenters import AHEAD

MOST_DATES = 8


@dataclass(frozen=True)
class Date:
    """One date of an event that comes again. `original` is the one that the rule gives."""

    original: datetime.date
    words: str
    moved: bool
    left_out: bool


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


def answers_of(event: Event) -> list[tuple[str, str, int]]:
    """How many of those invited answered what: (value, word, count). Empty if nobody is invited."""
    rows = EventInvitation.objects.filter(event=event, withdrawn_at=None).values_list("answer", flat=True)
    counted = Counter(rows)
    if not counted:
        return []
    return [(answer.value, str(answer.label), counted[answer.value]) for answer in Answer]
