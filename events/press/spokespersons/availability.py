"""Conflicts of a spokesperson: events they are invited to, and other interviews.

Limited to what the current user may see: a hidden event is no conflict.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.jobs.date_formats import moment_with_time_zone
from events.core.actions.times import times_of
from events.core.enums import Answer, EventState
from events.core.models import EventInvitation, EventText
from events.core.occurrences import occurrences
from events.core.queries import events_between, seated_events_for, text_in
from events.press.spokespersons.models import Spokesperson

INTERVIEW_LENGTH = datetime.timedelta(minutes=30)  # duration of an interview including the way to it


# Of spokespersons by their keys, between two moments, but for the enquiry of this UUID: who, and when.
InterviewsOf = Callable[
    [list[int], datetime.datetime, datetime.datetime, UUID | None], Iterable[tuple[int, datetime.datetime]]
]
_interview_sources: list[InterviewsOf] = []


def register_interviews(interviews_of: InterviewsOf) -> None:
    """Say when spokespersons give interviews. Register in `AppConfig.ready()`."""
    _interview_sources.append(interviews_of)


@dataclass(frozen=True)
class BusyTime:
    """Conflict of a spokesperson, as a sentence for the current user."""

    starts_at: datetime.datetime
    words: str


def busy_times_by_spokesperson(
    user: User,
    spokespersons: Iterable[Spokesperson],
    first: datetime.datetime,
    last: datetime.datetime,
    *,
    but_for: UUID | None = None,
) -> dict[int, list[BusyTime]]:
    """Return conflicts by the spokesperson's key between two aware moments, `last` included;
    `but_for`: the enquiry to ignore. A constant number of queries."""
    rows = list(spokespersons)
    if not rows:
        return {}
    last = max(last, first + datetime.timedelta(seconds=1))
    found: dict[int, list[BusyTime]] = defaultdict(list)
    by_person = defaultdict(list)
    for row in rows:
        if row.person_id is not None:
            by_person[row.person_id].append(row.pk)
    for person, taken in _busy_with_events(user, list(by_person), first, last):
        for key in by_person[person]:
            found[key].append(taken)
    for key, taken in _busy_with_interviews([row.pk for row in rows], first, last, but_for):
        found[key].append(taken)
    return {key: sorted(taken, key=lambda one: one.starts_at) for key, taken in found.items()}


def _busy_with_events(
    user: User, people: list[int], first: datetime.datetime, last: datetime.datetime
) -> Iterable[tuple[int, BusyTime]]:
    seen = events_between(seated_events_for(user), first, last).exclude(state=EventState.CANCELLED)
    rows = EventInvitation.objects.filter(person__in=people, withdrawn_at=None, event__in=seen.order_by())
    words = EventText.objects.defer("text", "component")
    rows = rows.exclude(answer=Answer.DECLINED).select_related("event")
    language = get_language() or ""
    for invitation in rows.prefetch_related(
        Prefetch("event__texts", queryset=words), "event__exceptions", "event__hours", "event__special_days"
    ):
        event = invitation.event
        for one in occurrences(times_of(event, language), first, last):
            if one.part == "event" and invitation.person_id is not None:
                told = {"title": text_in(event, language).title, "when": moment_with_time_zone(one.starts_at)}
                sentence = _("Invited to “%(title)s”, %(when)s") % told
                yield invitation.person_id, BusyTime(one.starts_at, sentence)


def _busy_with_interviews(
    keys: list[int], first: datetime.datetime, last: datetime.datetime, but_for: UUID | None
) -> Iterable[tuple[int, BusyTime]]:
    for interviews_of in _interview_sources:
        for spokesperson, moment in interviews_of(
            keys, first - INTERVIEW_LENGTH, last + INTERVIEW_LENGTH, but_for
        ):
            yield (
                spokesperson,
                BusyTime(moment, _("Another interview, %(when)s") % {"when": moment_with_time_zone(moment)}),
            )
