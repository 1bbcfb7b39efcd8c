"""Presenters of an event's page in the member area, for one reader."""

from collections import Counter
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext as _

from coalition.accounts.naming import Viewer
from coalition.jobs.date_formats import day_in_words
from documents.drafts.models import Handling
from events.core.actions.plan import announcement_obstacles
from events.core.actions.times import times_of
from events.core.enums import Answer, EventState, Visibility
from events.core.models import Event, EventInvitation
from events.core.occurrences import occurrences
from events.core.presenters import AHEAD

MOST_DATES = 8
type OccurrenceDate = dict[str, Any]  # original (the date by the rule), words, moved, left_out


def dates_of(event: Event) -> list[OccurrenceDate]:
    """Return the next dates of a recurring event, including those left out."""
    if not event.frequency:
        return []
    times, moment = times_of(event, get_language() or ""), timezone.now()
    found: list[OccurrenceDate] = []
    moved = {one.original for one in times.moved}
    for one in occurrences(times, moment, moment + AHEAD, limit=MOST_DATES):
        if one.original is not None:
            words = day_in_words(one.local_start.date())
            if not one.all_day:
                time = formats.time_format(one.local_start, "H:i")
                words = _("%(day)s, %(time)s") % {"day": words, "time": time}
            found.append({"original": one.original, "words": words, "moved": one.original in moved})
    until = max((one["original"] for one in found), default=None)
    today = timezone.localdate()
    found += [
        {"original": day, "words": day_in_words(day), "left_out": True}
        for day in times.left_out
        if day >= today and (until is None or day <= until)
    ]
    return sorted(found, key=lambda one: one["original"])


def reach_of(event: Event) -> dict[str, object]:
    """Return who sees the event now, as a badge and a sentence."""
    if not event.is_told:
        words = _(
            "People of this workspace who may see drafts. Observers and everyone else do not know of it."
        )
        return {"label": EventState.PLANNED.label, "kind": "internal", "icon": "pen", "words": words}
    words = {
        Visibility.WORKSPACE: _("Everyone with a seat in this workspace."),
        Visibility.COALITION: _("Every member of the coalition."),
        Visibility.PUBLIC: _("Everyone: the site and its calendars."),
    }[Visibility(event.visibility)]
    kind, icon = ("public", "horn") if event.is_public else ("internal", "lock")
    return {"label": event.get_visibility_display(), "kind": kind, "icon": icon, "words": words}


def missing_for_announcement(event: Event, viewer: Viewer) -> list[str]:
    """Return what prevents announcing it as widely as its mark allows; only before it is announced."""
    if event.state != EventState.PLANNED:
        return []
    by_mark = {Handling.PUBLIC: Visibility.PUBLIC, Handling.COALITION: Visibility.COALITION}
    intended = by_mark.get(Handling(event.handling), Visibility.WORKSPACE)
    return announcement_obstacles(event, intended, viewer)


def answers_of(event: Event) -> list[tuple[str, str, int]]:
    """Count the answers of invited people: (value, word, count). Empty if nobody is invited."""
    rows = EventInvitation.objects.filter(event=event, withdrawn_at=None).values_list("answer", flat=True)
    counted = Counter(rows)
    if not counted:
        return []
    return [(answer.value, str(answer.label), counted[answer.value]) for answer in Answer]
