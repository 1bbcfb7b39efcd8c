"""Open an exhibition to school groups; compute free slots."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.applicants.proofs import request_proof
from coalition.applicants.retention import delete_unproved
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import LINKS_A_DAY, refuse_flood
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.actions.times import times_of
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.occurrences import DAY, to_utc
from events.core.permissions import may_change
from events.core.queries import is_cancelled_since, is_over_since
from events.exhibitions.school_groups.enums import HOLDING, GroupState
from events.exhibitions.school_groups.formatting import slots_of
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS, notify_group_of_answer
from events.exhibitions.school_groups.queries import groups_per_slot

ONLY_PLANNERS = _("Editors and coordinators see which school groups come.")
DAYS_KEPT = 90  # after the event
LENGTHS = range(20, 241)
MOST_PER_SLOT, MOST_PUPILS = 20, 200


@dataclass(frozen=True)
class GroupVisitTerms:
    """Terms on which groups are accepted."""

    slot_minutes: int
    per_slot: int
    most_pupils: int
    by_hand: bool = False


def open_to_groups(*, access: Access, event: Event, visits: GroupVisitTerms) -> GroupVisits:
    """Open an exhibition to groups, reopen it, or change the terms; registered groups stay.

    Raises NotAllowed; Refused if it is cancelled, does not run over days, or if the numbers make no
    sense.
    """
    if visits.slot_minutes not in LENGTHS or not 1 <= visits.per_slot <= MOST_PER_SLOT:
        raise Refused(_("A visit takes 20 to 240 minutes, with one to 20 groups at the same time."))
    if not 1 <= visits.most_pupils <= MOST_PUPILS:
        raise Refused(_("A group has between 1 and 200 pupils."))
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        refuse_cancelled(locked)
        if locked.run_from is None or (not locked.hours.exists() and not locked.special_days.exists()):
            raise Refused(_("Set the opening hours first: groups come while it is open."))
        terms = {
            "slot_minutes": visits.slot_minutes,
            "per_slot": visits.per_slot,
            "most_pupils": visits.most_pupils,
            "by_hand": visits.by_hand,
        }
        row, fresh = GroupVisits.objects.update_or_create(
            event=locked,
            defaults={**terms, "stopped_at": None},
            create_defaults={**terms, "opened_at": now()},
        )
        row.event = locked
        core_audit.record_event_action(
            locked, access, "event.groups_opened" if fresh else "event.groups_terms"
        )
    return row


def stop_groups(*, access: Access, event: Event) -> None:
    """Stop accepting groups; registered groups stay. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), ONLY_PLANNERS)
        GroupVisits.objects.filter(event=locked, stopped_at=None).update(stopped_at=now())
        core_audit.record_event_action(locked, access, "event.groups_stopped")


def groups_closed_reason(visits: GroupVisits) -> str:
    """Return why registration is closed: "cancelled", "over" or "closed"; "" while it is open."""
    event = visits.event
    if event.cancelled_at is not None:
        return "cancelled"
    if event.run_until is None or event.run_until < today_at(event):
        return "over"
    return "closed" if visits.stopped_at is not None or not event.is_public else ""


def today_at(event: Event) -> datetime.date:
    return now().astimezone(event.zone_info).date()


def free_slots(visits: GroupVisits) -> dict[datetime.date, list[datetime.time]]:
    """Return the days from tomorrow on with the start times of visits that still have room."""
    event = visits.event
    run = times_of(event).run
    if run is None:
        return {}
    taken, found = groups_per_slot(visits), {}
    day = max(run.first, today_at(event) + DAY)
    while day <= run.last:
        slots = [one for one in slots_of(run, day, visits.slot_minutes) if taken[day, one] < visits.per_slot]
        if slots:
            found[day] = slots
        day += DAY
    return found


def derive_visit_moments(group: SchoolGroup, visits: GroupVisits) -> None:
    """Compute the visit's `starts_at` and `ends_at`. Does not save."""
    begins = datetime.datetime.combine(group.on, group.begins)
    zone = visits.event.zone
    group.starts_at = to_utc(begins, zone)
    group.ends_at = to_utc(begins + datetime.timedelta(minutes=visits.slot_minutes), zone)


def forget_groups() -> int:
    """Delete groups with an unverified address, and all groups a set time after the event. Return
    the number of rows."""
    over = is_over_since(DAYS_KEPT, "visits__event__") & Q(ends_at__lt=days_ago(DAYS_KEPT))
    over |= is_cancelled_since(DAYS_KEPT, "visits__event__")
    unproved = delete_unproved(SchoolGroup, state=GroupState.UNPROVED)
    return unproved + delete_in_batches(SchoolGroup.objects.filter(over))


# --- apply ---
# A school requests a visit, verifies its address, is answered, withdraws: all without an account.


SLOT_TAKEN_MESSAGE = _("This time is not free any more: choose another one.")
GROUPS_CLOSED_MESSAGE = _("School groups cannot register now.")


@dataclass(frozen=True)
class GroupRequest:
    """A school's request: fields of SchoolGroup. Day and time are local to the event's place."""

    school: str
    contact: str
    address: str
    phone: str
    pupils: int
    grade: str
    language: str
    on: datetime.date
    begins: datetime.time
    needs: str = ""


def request_group_visit(*, visits: GroupVisits, asking: GroupRequest) -> None:
    """Store the request and mail the link. One mailbox may register several groups, three new ones
    a day. Beyond that nothing is stored, and the response is the same.

    Raises Refused if registration is closed, the slot is not free or the group is too large;
    TooMany.
    """
    with transaction.atomic():
        held = _lock_group_visits(visits)
        if groups_closed_reason(held):
            raise Refused(GROUPS_CLOSED_MESSAGE)
        if asking.begins not in free_slots(held).get(asking.on, ()):
            raise Refused(SLOT_TAKEN_MESSAGE)
        if not 1 <= asking.pupils <= held.most_pupils:
            raise Refused(_("A group has at most %(most)s pupils."), most=held.most_pupils)
        rows = SchoolGroup.objects.filter(visits=held)
        refuse_flood(rows)
        today = rows.filter(written_at__gt=now() - DAY)
        if SCHOOL_GROUPS.of_address(asking.address, today).count() >= LINKS_A_DAY:
            return
        group = SCHOOL_GROUPS.new(visits=held, written_at=now(), **asdict(asking))
        derive_visit_moments(group, held)
        group.save()
        request_proof(SCHOOL_GROUPS, group)


def confirm_group_address(*, group: SchoolGroup) -> SchoolGroup:
    """Verify the address by its link and submit the request: it is answered at once, or by an
    organiser. A second POST changes nothing.

    Raises Refused if registration is closed, or if the slot was taken meanwhile.
    """
    with transaction.atomic():
        held, locked = _lock_group(group)
        if locked.state not in {GroupState.UNPROVED, GroupState.WITHDRAWN}:
            return locked
        if groups_closed_reason(held):
            raise Refused(GROUPS_CLOSED_MESSAGE)
        if locked.starts_at <= now() or groups_per_slot(held)[locked.on, locked.begins] >= held.per_slot:
            raise Refused(SLOT_TAKEN_MESSAGE)
        locked.proved_at = locked.proved_at or now()
        locked.told_sequence = held.event.sequence
        locked.state = GroupState.ASKED if held.by_hand else GroupState.CONFIRMED
        locked.save(update_fields=["proved_at", "told_sequence", "state"])
        if not held.by_hand:
            notify_group_of_answer(locked)
        _audit_group(held.event, locked, "event.group_asked")
    return locked


def withdraw_group(*, group: SchoolGroup) -> SchoolGroup | None:
    """Withdraw the group and free its slot. A group with an unverified address is deleted: None.

    Raises Refused once the visit has begun."""
    with transaction.atomic():
        held, locked = _lock_group(group)
        if locked.proved_at is None:
            locked.delete()
            return None
        if locked.starts_at <= now():
            raise Refused(_("The visit has begun already."))
        if GroupState(locked.state).holds:
            locked.state = GroupState.WITHDRAWN
            locked.save(update_fields=["state"])
            _audit_group(held.event, locked, "event.group_withdrawn")
    return locked


def answer_group(*, access: Access, group: SchoolGroup, confirmed: bool) -> SchoolGroup:
    """Confirm or decline a group and notify it. The same answer again sends nothing.

    Raises NotAllowed; Refused for a group that withdrew, for a past visit, or if the slot is full.
    """
    with transaction.atomic():
        held, locked = _lock_group(group)
        require_that(may_change(access, held.event), ONLY_PLANNERS)
        refuse_cancelled(held.event)
        if locked.state in {GroupState.UNPROVED, GroupState.WITHDRAWN} or locked.starts_at <= now():
            raise Refused(_("This group did not ask, has withdrawn, or its visit is over."))
        state = GroupState.CONFIRMED if confirmed else GroupState.DECLINED
        if locked.state == state:
            return locked
        full = groups_per_slot(held)[locked.on, locked.begins] >= held.per_slot
        if confirmed and locked.state not in HOLDING and full:
            raise Refused(SLOT_TAKEN_MESSAGE)
        locked.state = state
        locked.save(update_fields=["state"])
        notify_group_of_answer(locked)
        core_audit.record_event_action(
            held.event, access, "event.group_answered", group=str(locked.uuid), answer=state.value
        )
    return locked


def _lock_group_visits(visits: GroupVisits) -> GroupVisits:
    event = lock_event(visits.event)
    held = GroupVisits.objects.get(pk=visits.pk)
    held.event = event
    return held


def _lock_group(group: SchoolGroup) -> tuple[GroupVisits, SchoolGroup]:
    held = _lock_group_visits(group.visits)
    locked = SCHOOL_GROUPS.locked(group)
    locked.visits = held
    return held, locked


def _audit_group(event: Event, group: SchoolGroup, action: str) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="event",
        target=event.uuid,
        workspace=event.workspace.uuid,
        group=str(group.uuid),
    )
