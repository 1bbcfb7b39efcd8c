"""Count visitors, also by links without an account, which open on the event's days and can be revoked."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR, TooManyRequests, derive_token, hash_token
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that
from events.core import audit as core_audit
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import (
    event_to_change,
    is_admitted,
    is_open_to_guests,
    lock_event,
    refuse_cancelled,
)
from events.exhibitions.visitors.models import (
    TAPS,
    CountLink,
    TapResult,
    VisitorGroup,
    VisitorTick,
    counts_of,
)

COUNT_LINK_PURPOSE = "events.count_link"
MOST_LINKS = 20
ONLY_PLANNERS = _("Editors and coordinators pass links on.")


def count_link_token(link: CountLink) -> str:
    """Return the token of the link; the database stores only its hash."""
    return derive_token(COUNT_LINK_PURPOSE, link.uuid)


def make_count_link(*, access: Access, event: Event, name: str = "") -> CountLink:
    """Create a counting link.

    Raises NotAllowed; Refused if the event is cancelled or not an exhibition, if its handling marks
    exclude guests, or if there are too many links.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        refuse_no_exhibition(locked)
        if not is_open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if CountLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        link = CountLink(event=locked, name=name, made_at=now(), made_by=access.user)
        link.token_hash = hash_token(count_link_token(link))
        link.save()
        core_audit.record_event_action(locked, access, "event.count_link_made", link=str(link.uuid))
    return link


def revoke_count_link(*, access: Access, link: CountLink) -> None:
    """Revoke a link at once, also of a cancelled event; its counts stay. Raises NotAllowed."""
    with event_to_change(access, link.event, ONLY_PLANNERS, also_cancelled=True) as locked:
        if CountLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            core_audit.record_event_action(locked, access, "event.count_link_taken_back", link=str(link.uuid))


ONLY_PREPARING = _("People who prepare the event count its visitors.")
ONLY_CORRECTING = _("Editors and coordinators put numbers right.")
MOST_TOGETHER = 500  # taps in one request
MOST_AN_HOUR = 3000  # taps of all phones at one event: a higher rate cannot be people
MAX_TAP_DELAY = datetime.timedelta(hours=36)  # how long a phone may be offline


@dataclass(frozen=True)
class Tap:
    """Tap on a button. `number` is one of `TAPS`; `at`: aware, corrected to server time as far as
    the phone could tell; a time in the future becomes now."""

    mark: UUID
    group: VisitorGroup
    number: int
    at: datetime.datetime


def may_count(access: Access, event: Event) -> bool:
    """Whether the user prepares the event, and so may count and read the counts."""
    return is_admitted(access, event) and has_active_right(access, Right.SEE_DRAFTS)


def takes_place_on(event: Event, day: datetime.date) -> bool:
    """Whether a day (local to the event's place) is one of the event's days."""
    first, last = event.run_from, event.run_until
    runs = first is not None and last is not None and first <= day <= last
    return runs or event.starts_on <= day <= event.ends_on


def count_as_member(*, access: Access, event: Event, taps: Sequence[Tap]) -> list[TapResult]:
    """Add the taps of a member; return one result per tap. A tap sent twice counts once.

    Raises NotAllowed; Refused for a cancelled event; TooMany.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_count(access, locked), ONLY_PREPARING)
        return _record_taps(locked, taps, None)


def count_by_link(*, link: CountLink, taps: Sequence[Tap]) -> list[TapResult]:
    """Add taps sent by a link. Raises Refused also once the link is closed."""
    with transaction.atomic():
        locked = lock_event(link.event)
        current = CountLink.objects.select_for_update().get(pk=link.pk)
        current.event = locked
        if current.taken_back_at is not None or not is_open_to_guests(locked):
            raise Refused(_("This link opens no more."))
        return _record_taps(locked, taps, current)


def _record_taps(event: Event, taps: Sequence[Tap], link: CountLink | None) -> list[TapResult]:
    refuse_cancelled(event)
    refuse_no_exhibition(event)
    if len(taps) > MOST_TOGETHER:
        raise Refused(_("That is more than 500 at once."))
    moment, rows = now(), VisitorTick.objects.filter(event=event)
    if rows.filter(written_at__gt=moment - HOUR).count() + len(taps) > MOST_AN_HOUR:
        raise TooManyRequests
    known = set(rows.filter(mark__in=[one.mark for one in taps]).values_list("mark", flat=True))
    walls = [min(one.at, moment).astimezone(event.zone_info) for one in taps]
    counts, fresh, answers = counts_of(event, *{one.date() for one in walls}), [], []
    for tap, wall in zip(taps, walls, strict=True):
        # A tap that takes back counts in the last hour with visitors, so that none falls below 0.
        hours = [wall.hour] if tap.number > 0 else range(wall.hour, -1, -1)
        hour = next(
            (one for one in hours if tap.number > 0 or counts[wall.date(), one, tap.group.value] > 0), None
        )
        if tap.mark in known:
            answers.append(TapResult.YES)
        elif moment - tap.at > MAX_TAP_DELAY or not takes_place_on(event, wall.date()):
            answers.append(TapResult.NOT_THEN)
        elif tap.number not in TAPS or hour is None:
            answers.append(TapResult.NOTHING)
        else:
            known.add(tap.mark)
            counts[wall.date(), hour, tap.group.value] += tap.number
            taken = {"mark": tap.mark, "group": tap.group, "number": tap.number}
            at = {"on": wall.date(), "hour": hour, "written_at": moment}
            fresh.append(VisitorTick(event=event, link=link, **taken, **at))
            answers.append(TapResult.YES)
    VisitorTick.objects.bulk_create(fresh)
    return answers


def correct_count(
    *,
    access: Access,
    event: Event,
    on: datetime.date,
    hour: int,
    group: VisitorGroup,
    people: int,
    why: str,
) -> None:
    """Correct a count, with a reason; the original ticks stay. The same number changes nothing.

    `people`: the true number of the group in that hour of that day. Raises NotAllowed; Refused for a day
    that is not the event's or lies ahead.
    """
    with event_to_change(access, event, ONLY_CORRECTING, also_cancelled=True) as locked:
        refuse_no_exhibition(locked)
        today = locked.today
        if not takes_place_on(locked, on) or on > today:
            raise Refused(_("Choose a day on which the event took place."))
        added = people - counts_of(locked, on)[on, hour, group]
        if added:
            at = {"on": on, "hour": hour, "written_at": now()}
            author = {"why": why, "by": access.user}
            VisitorTick.objects.create(event=locked, mark=uuid4(), group=group, number=added, **at, **author)
            core_audit.record_event_action(
                locked, access, "event.visitors_corrected", on=str(on), by_number=added
            )


def refuse_no_exhibition(event: Event) -> None:
    if event.kind != EventKind.EXHIBITION:
        raise Refused(_("Visitors are counted at exhibitions."))
