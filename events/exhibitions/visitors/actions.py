"""Links by which people without an account count visitors. A link opens on the event's days and can
be revoked."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR, TooManyRequests
from coalition.core.tokens import derive_token, hash_token
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right, require_that
from events.core import audit as core_audit
from events.core.enums import EventKind
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import is_admitted, is_open_to_guests, may_change
from events.exhibitions.visitors.enums import TAPS, TapResult, VisitorGroup
from events.exhibitions.visitors.models import CountLink, VisitorTick
from events.exhibitions.visitors.queries import VisitorCounts, counts_of

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
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if locked.kind != EventKind.EXHIBITION:
            raise Refused(_("Visitors are counted at exhibitions."))
        if not is_open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if CountLink.objects.filter(event=locked, taken_back_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        uuid = uuid7()
        link = CountLink.objects.create(
            uuid=uuid,
            event=locked,
            name=name.strip(),
            token_hash=hash_token(derive_token(COUNT_LINK_PURPOSE, uuid)),
            made_at=now(),
            made_by=access.user,
        )
        core_audit.record_event_action(locked, access, "event.count_link_made", link=str(uuid))
    return link


def revoke_count_link(*, access: Access, link: CountLink) -> None:
    """Revoke a link at once, also of a cancelled event; its counts stay. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_event(link.event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        if CountLink.objects.filter(pk=link.pk, taken_back_at=None).update(taken_back_at=now()):
            core_audit.record_event_action(locked, access, "event.count_link_taken_back", link=str(link.uuid))


def refuse_closed_link(link: CountLink) -> None:
    """Raise Refused if the link was revoked, or if the event is closed to outsiders."""
    if link.taken_back_at is not None or not is_open_to_guests(link.event):
        raise Refused(_("This link opens no more."))


# --- counts ---
# Visitor counts at an exhibition: concurrent taps from many phones, and manual corrections.


ONLY_PREPARING = _("People who prepare the event count its visitors.")
MOST_TOGETHER = 500  # taps in one request
MOST_AN_HOUR = 3000  # taps of all phones at one event: a higher rate cannot be people
MAX_TAP_DELAY = datetime.timedelta(hours=36)  # how long a phone may be offline
MOST_AT_ONCE = 100_000  # largest count of a group in one hour
HOURS = range(24)


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
    if (
        event.run_from is not None
        and event.run_until is not None
        and event.run_from <= day <= event.run_until
    ):
        return True
    return event.starts_on <= day <= event.ends_on


def count_as_member(*, access: Access, event: Event, taps: Sequence[Tap]) -> list[TapResult]:
    """Add the taps of a member; return one result per tap. A tap sent twice counts once.

    Raises NotAllowed; Refused for a cancelled event; TooMany.
    """
    with transaction.atomic():
        held = lock_event(event)
        require_that(may_count(access, held), ONLY_PREPARING)
        return _record_taps(held, taps, None)


def count_by_link(*, link: CountLink, taps: Sequence[Tap]) -> list[TapResult]:
    """Add taps sent by a link. Raises Refused also once the link is closed."""
    with transaction.atomic():
        held = lock_event(link.event)
        current = CountLink.objects.select_for_update().get(pk=link.pk)
        current.event = held
        refuse_closed_link(current)
        return _record_taps(held, taps, current)


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
        hour = wall.hour if tap.number > 0 else _hour_to_subtract_from(counts, tap, wall)
        if tap.mark in known:
            answers.append(TapResult.YES)
        elif moment - tap.at > MAX_TAP_DELAY or not takes_place_on(event, wall.date()):
            answers.append(TapResult.NOT_THEN)
        elif tap.number not in TAPS or hour is None:
            answers.append(TapResult.NOTHING)
        else:
            known.add(tap.mark)
            counts[wall.date(), hour, tap.group.value] += tap.number
            fresh.append(_new_visitor_tick(event, tap.mark, tap.group, tap.number, wall.date(), hour))
            answers.append(TapResult.YES)
    for row in fresh:
        row.link = link
    VisitorTick.objects.bulk_create(fresh)
    return answers


def _hour_to_subtract_from(counts: VisitorCounts, tap: Tap, wall: datetime.datetime) -> int | None:
    """Return the hour to subtract from: the last one with visitors, so that none falls below 0."""
    hours = (hour for hour in range(wall.hour, -1, -1) if counts[wall.date(), hour, tap.group.value] > 0)
    return next(hours, None)


@dataclass(frozen=True)
class Correction:
    """Correction of a count. `people`: the true number of the group in that hour of that day."""

    on: datetime.date
    hour: int
    group: VisitorGroup
    people: int
    why: str


def correct_count(*, access: Access, event: Event, correction: Correction) -> None:
    """Correct a count, with a reason; the original ticks stay. The same number changes nothing.

    Raises NotAllowed; Refused without a reason, for a day that is not the event's or lies ahead.
    """
    if not correction.why.strip():
        raise Refused(_("Say why the number is put right."))
    if not 0 <= correction.people <= MOST_AT_ONCE or correction.hour not in HOURS:
        raise Refused(_("This number cannot be."))
    with transaction.atomic():
        held = lock_event(event)
        require_that(may_change(access, held), _("Editors and coordinators put numbers right."))
        refuse_no_exhibition(held)
        today = now().astimezone(held.zone_info).date()
        if not takes_place_on(held, correction.on) or correction.on > today:
            raise Refused(_("Choose a day on which the event took place."))
        before = counts_of(held, correction.on)[correction.on, correction.hour, correction.group.value]
        if correction.people == before:
            return
        given = (correction.group, correction.people - before, correction.on, correction.hour)
        row = _new_visitor_tick(held, uuid4(), *given)
        row.why, row.by = correction.why.strip(), access.user
        row.save()
        core_audit.record_event_action(
            held, access, "event.visitors_corrected", on=str(correction.on), by_number=row.number
        )


def refuse_no_exhibition(event: Event) -> None:
    if event.kind != EventKind.EXHIBITION:
        raise Refused(_("Visitors are counted at exhibitions."))


def _new_visitor_tick(
    event: Event, mark: UUID, group: VisitorGroup, number: int, on: datetime.date, hour: int
) -> VisitorTick:
    return VisitorTick(event=event, mark=mark, group=group, number=number, on=on, hour=hour, written_at=now())
