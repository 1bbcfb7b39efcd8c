"""What is in the way of a spokesperson at a moment: events that they are invited to, and other interviews.

Told as the person who asks may see it: an event that is hidden from them is no conflict.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.jobs.date_formats import moment_with_time_zone
from events.core.actions.times import times_of
from events.core.enums import Answer, EventState
from events.core.models import EventInvitation, EventText
from events.core.occurrences import occurrences
from events.core.queries import between, seated_events_for, text_in
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry
from events.press.spokespersons.models import Spokesperson

INTERVIEW = datetime.timedelta(minutes=30)  # what an interview takes, with the way to it


@dataclass(frozen=True)
class Taken:
    """A time at which somebody cannot speak, in words for who asks."""

    starts_at: datetime.datetime
    words: str


def times_taken(
    user: User,
    spokespersons: Iterable[Spokesperson],
    first: datetime.datetime,
    last: datetime.datetime,
    *,
    but_for: Enquiry | None = None,
) -> dict[int, list[Taken]]:
    """By the spokesperson's key, what lies between two aware moments, `last` included; `but_for`: the enquiry
    they are looked at for. The same number of queries for any number."""
    rows = list(spokespersons)
    if not rows:
        return {}
    last = max(last, first + datetime.timedelta(seconds=1))
    found: dict[int, list[Taken]] = defaultdict(list)
    by_person = defaultdict(list)
    for row in rows:
        if row.person_id is not None:
            by_person[row.person_id].append(row.pk)
    for person, taken in _events(user, list(by_person), first, last):
        for key in by_person[person]:
            found[key].append(taken)
    for key, taken in _interviews([row.pk for row in rows], first, last, but_for):
        found[key].append(taken)
    return {key: sorted(taken, key=lambda one: one.starts_at) for key, taken in found.items()}


def _events(
    user: User, people: list[int], first: datetime.datetime, last: datetime.datetime
) -> Iterable[tuple[int, Taken]]:
    seen = between(seated_events_for(user), first, last).exclude(state=EventState.CANCELLED)
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
                yield invitation.person_id, Taken(one.starts_at, sentence)


def _interviews(
    keys: list[int], first: datetime.datetime, last: datetime.datetime, but_for: Enquiry | None
) -> Iterable[tuple[int, Taken]]:
    rows = Enquiry.objects.filter(
        spokesperson__in=keys,
        state=EnquiryState.TAKEN,
        interview_at__gt=first - INTERVIEW,
        interview_at__lt=last + INTERVIEW,
    )
    if but_for is not None:
        rows = rows.exclude(pk=but_for.pk)
    for spokesperson, moment in rows.values_list("spokesperson_id", "interview_at"):
        if moment is not None:
            yield (
                spokesperson,
                Taken(moment, _("Another interview, %(when)s") % {"when": moment_with_time_zone(moment)}),
            )
