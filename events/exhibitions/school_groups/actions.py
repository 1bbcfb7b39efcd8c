"""Open an exhibition to school groups; compute free slots."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import delete_unproved, request_proof
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import LINKS_A_DAY, refuse_flood
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit
from events.core.actions.times import times_of
from events.core.models import Event
from events.core.occurrences import DAY, to_utc
from events.core.permissions import event_to_change, lock_event, may_change, refuse_cancelled
from events.core.queries import is_cancelled_since, is_over_since
from events.exhibitions.school_groups.models import (
    HOLDING,
    GroupState,
    GroupVisits,
    SchoolGroup,
    groups_per_slot,
    slots_of,
)
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS, notify_group_of_answer

ONLY_PLANNERS = _("Editors and coordinators see which school groups come.")
DAYS_KEPT = 90  # after the event


def open_to_groups(*, access: Access, event: Event, **terms: Any) -> GroupVisits:
    """Open an exhibition to groups, reopen it, or change the terms; registered groups stay.

    `terms`: the fields of VisitsForm, which checks their ranges. Raises NotAllowed; Refused if it is
    cancelled or does not run over days.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        if locked.run_from is None or (not locked.hours.exists() and not locked.special_days.exists()):
            raise Refused(_("Set the opening hours first: groups come while it is open."))
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
    with event_to_change(access, event, ONLY_PLANNERS, also_cancelled=True) as locked:
        GroupVisits.objects.filter(event=locked, stopped_at=None).update(stopped_at=now())
        core_audit.record_event_action(locked, access, "event.groups_stopped")


def groups_closed_reason(visits: GroupVisits) -> str:
    """Return why registration is closed: "cancelled", "over" or "closed"; "" while it is open."""
    event = visits.event
    if event.cancelled_at is not None:
        return "cancelled"
    if event.run_until is None or event.run_until < event.today:
        return "over"
    return "closed" if visits.stopped_at is not None or not event.is_public else ""


def free_slots(visits: GroupVisits) -> dict[datetime.date, list[datetime.time]]:
    """Return the days from tomorrow on with the start times of visits that still have room."""
    event = visits.event
    run = times_of(event).run
    if run is None:
        return {}
    taken, found = groups_per_slot(visits), {}
    day = max(run.first, event.today + DAY)
    while day <= run.last:
        slots = [one for one in slots_of(run, day, visits.slot_minutes) if taken[day, one] < visits.per_slot]
        if slots:
            found[day] = slots
        day += DAY
    return found


def forget_groups() -> int:
    """Delete groups with an unverified address, and all groups a set time after the event. Return
    the number of rows."""
    over = is_over_since(DAYS_KEPT, "visits__event__") & Q(ends_at__lt=days_ago(DAYS_KEPT))
    over |= is_cancelled_since(DAYS_KEPT, "visits__event__")
    unproved = delete_unproved(SchoolGroup, state=GroupState.UNPROVED)
    return unproved + delete_in_batches(SchoolGroup.objects.filter(over))


SLOT_TAKEN_MESSAGE = _("This time is not free any more: choose another one.")
GROUPS_CLOSED_MESSAGE = _("School groups cannot register now.")


def request_group_visit(
    *,
    visits: GroupVisits,
    address: str,
    on: datetime.date,
    begins: datetime.time,
    pupils: int,
    **fields: str,
) -> None:
    """Store the request and mail the link. `fields`: the texts of SchoolGroup; day and time are local to the
    event's place.

    One mailbox may register several groups, three new ones a day. Beyond that nothing is stored, and the
    response is the same.

    Raises Refused if registration is closed, the slot is not free or the group is too large; TooMany.
    """
    with transaction.atomic():
        terms = _lock_group_visits(visits)
        if groups_closed_reason(terms):
            raise Refused(GROUPS_CLOSED_MESSAGE)
        if begins not in free_slots(terms).get(on, ()):
            raise Refused(SLOT_TAKEN_MESSAGE)
        if not 1 <= pupils <= terms.most_pupils:
            raise Refused(_("A group has at most %(most)s pupils."), most=terms.most_pupils)
        rows = SchoolGroup.objects.filter(visits=terms)
        refuse_flood(rows)
        today = rows.filter(written_at__gt=now() - DAY)
        if SCHOOL_GROUPS.of_address(address, today).count() >= LINKS_A_DAY:
            return
        group = SCHOOL_GROUPS.new(
            visits=terms, written_at=now(), address=address, on=on, begins=begins, pupils=pupils, **fields
        )
        moment, zone = datetime.datetime.combine(on, begins), terms.event.zone
        group.starts_at = to_utc(moment, zone)
        group.ends_at = to_utc(moment + datetime.timedelta(minutes=terms.slot_minutes), zone)
        group.save()
        request_proof(SCHOOL_GROUPS, group)


def confirm_group_address(*, group: SchoolGroup) -> SchoolGroup:
    """Verify the address by its link and submit the request: it is answered at once, or by an
    organiser. A second POST changes nothing.

    Raises Refused if registration is closed, or if the slot was taken meanwhile.
    """
    with transaction.atomic():
        terms, locked = _lock_group(group)
        if locked.state not in {GroupState.UNPROVED, GroupState.WITHDRAWN}:
            return locked
        if groups_closed_reason(terms):
            raise Refused(GROUPS_CLOSED_MESSAGE)
        if locked.starts_at <= now() or groups_per_slot(terms)[locked.on, locked.begins] >= terms.per_slot:
            raise Refused(SLOT_TAKEN_MESSAGE)
        locked.proved_at = locked.proved_at or now()
        locked.notified_sequence = terms.event.sequence
        locked.state = GroupState.ASKED if terms.by_hand else GroupState.CONFIRMED
        locked.save(update_fields=["proved_at", "notified_sequence", "state"])
        if not terms.by_hand:
            notify_group_of_answer(locked)
        core_audit.record_guest_action(terms.event, "event.group_asked", group=str(locked.uuid))
    return locked


def withdraw_group(*, group: SchoolGroup) -> SchoolGroup | None:
    """Withdraw the group and free its slot. A group with an unverified address is deleted: None.

    Raises Refused once the visit has begun."""
    with transaction.atomic():
        terms, locked = _lock_group(group)
        if locked.proved_at is None:
            locked.delete()
            return None
        if locked.starts_at <= now():
            raise Refused(_("The visit has begun already."))
        if locked.state in HOLDING:
            locked.state = GroupState.WITHDRAWN
            locked.save(update_fields=["state"])
            core_audit.record_guest_action(terms.event, "event.group_withdrawn", group=str(locked.uuid))
    return locked


def answer_group(*, access: Access, group: SchoolGroup, confirmed: bool) -> SchoolGroup:
    """Confirm or decline a group and notify it. The same answer again sends nothing.

    Raises NotAllowed; Refused for a group that withdrew, for a past visit, or if the slot is full.
    """
    with transaction.atomic():
        terms, locked = _lock_group(group)
        require_that(may_change(access, terms.event), ONLY_PLANNERS)
        refuse_cancelled(terms.event)
        if locked.state in {GroupState.UNPROVED, GroupState.WITHDRAWN} or locked.starts_at <= now():
            raise Refused(_("This group did not ask, has withdrawn, or its visit is over."))
        state = GroupState.CONFIRMED if confirmed else GroupState.DECLINED
        if locked.state == state:
            return locked
        full = groups_per_slot(terms)[locked.on, locked.begins] >= terms.per_slot
        if confirmed and locked.state not in HOLDING and full:
            raise Refused(SLOT_TAKEN_MESSAGE)
        locked.state = state
        locked.save(update_fields=["state"])
        notify_group_of_answer(locked)
        core_audit.record_event_action(
            terms.event, access, "event.group_answered", group=str(locked.uuid), answer=state.value
        )
    return locked


def _lock_group_visits(visits: GroupVisits) -> GroupVisits:
    event = lock_event(visits.event)
    terms = GroupVisits.objects.get(pk=visits.pk)
    terms.event = event
    return terms


def _lock_group(group: SchoolGroup) -> tuple[GroupVisits, SchoolGroup]:
    terms = _lock_group_visits(group.visits)
    locked = SCHOOL_GROUPS.locked(group)
    locked.visits = terms
    return terms, locked
