"""Links by which people without an account sign up for an event's shifts."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import HOUR, derive_token, hash_token, refuse_flood
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from events.core import audit as core_audit, permissions as event_permissions
from events.core.models import Event
from events.volunteers import queries
from events.volunteers.actions.shifts import ONLY_PLANNERS, get_or_create_shift_plan, get_shift
from events.volunteers.models import (
    ACTIVE,
    AgeStatement,
    AssignmentState,
    Shift,
    ShiftAssignment,
    ShiftLink,
    ShiftLinkUse,
    Volunteer,
    VolunteerState,
)
from events.volunteers.notifications import VOLUNTEERS, notify_shift_assigned, notify_shift_ended, send_link

SHIFT_LINK_PURPOSE = "events.shift_link"
MAX_LINK_LIFETIME = datetime.timedelta(days=400)
MOST_LINKS = 20
NOT_OFFERED = _("This shift is not offered any more.")
MOST_USES_KEPT = 500  # per hour and link: a higher number cannot be people


def shift_link_token(link: ShiftLink) -> str:
    """Return the token of the link; the database stores only its hash."""
    return derive_token(SHIFT_LINK_PURPOSE, link.uuid)


def make_shift_link(*, access: Access, event: Event, until: datetime.datetime, name: str = "") -> ShiftLink:
    """Create a link that is valid until an aware moment.

    Raises NotAllowed; Refused if the event's handling marks exclude guests, if the moment is past
    or too far ahead, or if there are too many links.
    """
    with event_permissions.event_to_change(access, event, ONLY_PLANNERS) as locked:
        get_or_create_shift_plan(locked)
        if not event_permissions.is_open_to_guests(locked):
            raise Refused(_("The marks of this event keep it from people outside: no link is made."))
        if not now() < until <= now() + MAX_LINK_LIFETIME:
            raise Refused(_("A link ends in the future, at most 400 days from now."))
        if ShiftLink.objects.filter(event=locked, revoked_at=None).count() >= MOST_LINKS:
            raise Refused(_("There are 20 links already: take one back first."))
        link = ShiftLink(event=locked, name=name, until=until, made_at=now(), made_by=access.user)
        link.token_hash = hash_token(shift_link_token(link))
        link.save()
        core_audit.record_event_action(locked, access, "event.shift_link_made", link=str(link.uuid))
    return link


def end_shift_link(*, access: Access, link: ShiftLink) -> None:
    """Revoke a link at once, also of a cancelled event; its volunteers stay. Raises NotAllowed."""
    with event_permissions.event_to_change(access, link.event, ONLY_PLANNERS, also_cancelled=True) as locked:
        if ShiftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now()):
            core_audit.record_event_action(locked, access, "event.shift_link_taken_back", link=str(link.uuid))


def record_link_use(link: ShiftLink, *, signed_up: bool = False) -> None:
    """Record a use of the link: time and purpose, without personal data."""
    recent = ShiftLinkUse.objects.filter(link=link, at__gt=now() - HOUR).count()
    if recent < MOST_USES_KEPT:
        ShiftLinkUse.objects.create(link=link, at=now(), signed_up=signed_up)


def take_shift(*, volunteer: Volunteer, shift: UUID) -> ShiftAssignment:
    """Assign a shift of the event to a volunteer with a verified address. Idempotent.

    Raises Refused if it has begun, is full, or overlaps another one of theirs at any event.
    """
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        return assign_shift(event, locked, get_shift(event, shift))


def assign_shift(
    event: Event, volunteer: Volunteer, shift: Shift, *, swapped: bool = False
) -> ShiftAssignment:
    """Assign a shift as `take_shift`, in the caller's transaction with the event's row locked. `swapped`:
    another volunteer gives it up in the same transaction, so that the number of people stays."""
    if shift.starts_at <= now():
        raise Refused(_("This shift has begun already."))
    assignment = ShiftAssignment.objects.filter(shift=shift, volunteer=volunteer).first()
    if assignment is not None and assignment.is_active:
        return assignment
    if not swapped and queries.active_assignments(shift).count() >= shift.needed:
        raise Refused(_("Enough people have this shift already: %(when)s."), when=shift.when)
    # Serialises concurrent requests of the same person at two events.
    list(Volunteer.objects.select_for_update().filter(queries.same_person(volunteer)).order_by("pk"))
    other = queries.overlapping(volunteer, shift)
    if other is not None:
        own = other.shift.when
        raise Refused(_("You have another shift at that time: %(when)s."), when=own)
    assignment = assignment or ShiftAssignment(shift=shift, volunteer=volunteer)
    assignment.shift, assignment.volunteer = shift, volunteer
    _set_assignment_state(assignment, AssignmentState.TAKEN)
    notify_shift_assigned(assignment, swapped=swapped)
    _audit_volunteer(event, volunteer, "event.shift_taken", shift=str(shift.uuid))
    return assignment


def withdraw_from_shift(*, volunteer: Volunteer, shift: UUID) -> None:
    """Free the volunteer's shift. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        assignment = _get_own_assignment(event, locked, shift)
        _set_assignment_state(assignment, AssignmentState.WITHDRAWN)
        notify_shift_ended(assignment, "withdrawn")
        _audit_volunteer(event, locked, "event.shift_withdrawn", shift=str(shift))


def offer_shift(*, volunteer: Volunteer, shift: UUID, offered: bool = True) -> ShiftAssignment:
    """Offer a shift to the other volunteers, or withdraw the offer; it stays theirs until it is
    taken. Raises Refused once it has begun."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        assignment = _get_own_assignment(event, locked, shift)
        state = AssignmentState.OFFERED if offered else AssignmentState.TAKEN
        if assignment.state != state:
            assignment.state = state
            assignment.save(update_fields=["state"])
            action = "event.shift_offered" if offered else "event.shift_offer_ended"
            _audit_volunteer(event, locked, action, shift=str(shift))
    return assignment


def take_over_shift(*, volunteer: Volunteer, assignment: UUID) -> ShiftAssignment:
    """Transfer an offered shift to another volunteer; notify both. Raises Refused if it was taken
    already, the offer was withdrawn, or it overlaps another shift of theirs."""
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        rows = ShiftAssignment.objects.filter(uuid=assignment, state=AssignmentState.OFFERED)
        rows = rows.filter(shift__event=event, shift__removed_at=None)
        given = rows.select_related("shift", "volunteer").first()
        if given is None or given.volunteer_id == locked.pk:
            raise Refused(NOT_OFFERED)
        given.shift.event = given.volunteer.event = event
        if queries.active_assignments(given.shift).filter(volunteer=locked).exists():
            raise Refused(_("You have this shift already."))
        taken = assign_shift(event, locked, given.shift, swapped=True)
        _set_assignment_state(given, AssignmentState.GIVEN)
        notify_shift_ended(given, "given")
        detail = {"shift": str(given.shift.uuid), "given_by": str(given.volunteer.uuid)}
        _audit_volunteer(event, locked, "event.shift_swapped", **detail)
    return taken


def set_attendance(*, access: Access, assignment: ShiftAssignment, came: bool | None) -> ShiftAssignment:
    """Record attendance, absence, or unknown (None), from the beginning of the shift.

    Raises NotAllowed; Refused before the shift begins, or if the volunteer does not have it.
    """
    with transaction.atomic():
        event, locked = _lock_assignment(access, assignment)
        if locked.shift.starts_at > now():
            raise Refused(_("The shift has not begun yet."))
        if locked.came != came:
            locked.came = came
            locked.came_by = access.user if came is not None else None
            locked.save(update_fields=["came", "came_by"])
            core_audit.record_event_action(
                event, access, "event.shift_came", assignment=str(locked.uuid), came=came
            )
    return locked


def remove_from_shift(*, access: Access, assignment: ShiftAssignment) -> None:
    """Remove a volunteer from a shift on behalf of the organisers, and notify them. Raises
    NotAllowed, Refused."""
    with transaction.atomic():
        event, locked = _lock_assignment(access, assignment)
        event_permissions.refuse_cancelled(event)
        if locked.shift.starts_at <= now():
            raise Refused(_("This shift has begun already."))
        _set_assignment_state(locked, AssignmentState.WITHDRAWN)
        notify_shift_ended(locked, "taken_off")
        core_audit.record_event_action(event, access, "event.shift_taken_off", assignment=str(locked.uuid))


def lock_volunteer(volunteer: Volunteer) -> tuple[Event, Volunteer]:
    """Lock the event's row and reload the volunteer. Raises Refused if the event is cancelled or
    the volunteer was deleted."""
    event = event_permissions.lock_event(volunteer.event)
    event_permissions.refuse_cancelled(event)
    locked = Volunteer.objects.filter(pk=volunteer.pk).first()
    if locked is None:
        raise Refused(_("This registration is not there any more."))
    locked.event = event
    return event, locked


def _get_own_assignment(event: Event, volunteer: Volunteer, shift: UUID) -> ShiftAssignment:
    row = get_shift(event, shift)
    assignment = ShiftAssignment.objects.filter(shift=row, volunteer=volunteer, state__in=ACTIVE).first()
    if assignment is None:
        raise Refused(_("You do not have this shift any more."))
    if row.starts_at <= now():
        raise Refused(_("This shift has begun already. If you cannot stay, call the person named here."))
    assignment.shift, assignment.volunteer = row, volunteer
    return assignment


def _lock_assignment(access: Access, assignment: ShiftAssignment) -> tuple[Event, ShiftAssignment]:
    event = event_permissions.lock_event_to_change(
        access, assignment.volunteer.event, ONLY_PLANNERS, also_cancelled=True
    )
    rows = ShiftAssignment.objects.select_related("shift", "volunteer").filter(state__in=ACTIVE)
    locked = rows.filter(pk=assignment.pk, shift__removed_at=None).first()
    if locked is None:
        raise Refused(_("This person does not have the shift any more."))
    locked.shift.event = locked.volunteer.event = event
    return event, locked


def _set_assignment_state(assignment: ShiftAssignment, state: AssignmentState) -> None:
    assignment.state = state
    assignment.changes += 1
    if state == AssignmentState.TAKEN:
        assignment.assigned_at, assignment.came, assignment.came_by = now(), None, None
    assignment.save()


def _audit_volunteer(event: Event, volunteer: Volunteer, action: str, **detail: Any) -> None:
    detail["volunteer"] = str(volunteer.uuid)
    core_audit.record_guest_action(event, action, actor=volunteer.user, **detail)


def shifts_closed_reason(event: Event) -> str:
    """Return why sign-up is closed: "cancelled", "over" or "marks"; "" while it is open."""
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < now():
        coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
        return "" if coming.exists() else "over"
    return "" if event_permissions.is_open_to_guests(event) else "marks"


def request_sign_up(*, link: ShiftLink, address: str, shifts: Sequence[UUID], **fields: Any) -> None:
    """Store the sign-up and mail a link. The response is the same for known and unknown addresses.

    A volunteer with a verified address gets the link to their page and nothing is changed, because
    anybody can type an address. `fields`: as `_sign_up_fields`. Raises Refused if the link has expired, the
    event is cancelled, brief or age are not confirmed, or the rate limit is exceeded.
    """
    with transaction.atomic():
        event = event_permissions.lock_event(link.event)
        fresh = ShiftLink.objects.filter(pk=link.pk, revoked_at=None, until__gt=now()).first()
        if fresh is None or shifts_closed_reason(event):
            raise Refused(_("Nobody can sign up by this link any more."))
        given = _sign_up_fields(event, address=address, shifts=shifts, **fields)
        rows = Volunteer.objects.filter(event=event)
        volunteer = VOLUNTEERS.find_by_address(address, rows)
        if volunteer is None:
            refuse_flood(rows)
            volunteer = VOLUNTEERS.new(**given)
        volunteer.event = event
        if not volunteer.is_proved:
            VOLUNTEERS.fill(volunteer, **given)
            volunteer.save()
            ShiftAssignment.objects.filter(volunteer=volunteer, state=AssignmentState.WISHED).delete()
            wished = queries.known_shifts(event, shifts).values()
            ShiftAssignment.objects.bulk_create(
                ShiftAssignment(shift=one, volunteer=volunteer) for one in wished
            )
        record_link_use(fresh, signed_up=True)
        send_link(volunteer)


def confirm_volunteer_address(*, volunteer: Volunteer) -> list[str]:
    """Verify the address by its link, and assign the chosen shifts that are still free.

    Return the reasons for those that are not. A second POST changes nothing. Raises Refused as
    `take_shift` if the event is cancelled.
    """
    refused: list[str] = []
    with transaction.atomic():
        event, locked = lock_volunteer(volunteer)
        if locked.is_proved:
            return []
        locked.state, locked.notified_sequence = VolunteerState.PROVED, event.sequence
        locked.save(update_fields=["state", "notified_sequence"])
        wished = ShiftAssignment.objects.filter(volunteer=locked, state=AssignmentState.WISHED)
        for assignment in wished.select_related("shift").order_by("shift__starts_at"):
            try:
                assign_shift(event, locked, get_shift(event, assignment.shift.uuid))
            except Refused as refusal:
                refused.append(refusal.message)
                assignment.delete()
        _audit_volunteer(event, locked, "event.volunteer_proved")
    return refused


def delete_unproved_volunteer(*, volunteer: Volunteer) -> None:
    """Delete a sign-up with an unverified address. Does nothing for a verified one."""
    Volunteer.objects.filter(pk=volunteer.pk, state=VolunteerState.UNPROVED).delete()


def sign_up_member(*, access: Access, event: Event, shifts: Sequence[UUID], **fields: Any) -> Volunteer:
    """Sign up a member with an account and a seat, without verification by mail. All of the shifts
    are assigned or none. `fields`: of `_sign_up_fields`, those that the account does not have.

    Raises NotAllowed if the event is not for their organisation; Refused as `take_shift`, and
    without brief or age.
    """
    user = access.user
    with transaction.atomic():
        locked = event_permissions.lock_event(event)
        require_that(event_permissions.is_admitted(access, locked))
        event_permissions.refuse_cancelled(locked)
        known = queries.volunteer_of_user(locked, user)  # or a row made by a link with the account's address
        known = known or VOLUNTEERS.find_by_address(user.email, Volunteer.objects.filter(event=locked))
        fields |= {"name": user.name, "address": user.email, "language": user.language}
        given = _sign_up_fields(locked, shifts=shifts, **fields)
        given |= {"event": locked, "user": user, "state": VolunteerState.PROVED}
        row = known or VOLUNTEERS.new(**given)
        VOLUNTEERS.fill(row, **given | {"address_print": row.address_print})
        row.notified_sequence = locked.sequence
        row.save()
        for uuid in shifts:
            assign_shift(locked, row, get_shift(locked, uuid))
    return row


def _sign_up_fields(
    event: Event,
    *,
    name: str,
    address: str,
    phone: str,
    language: str,
    shifts: Sequence[UUID],
    briefed: bool = False,
    grown: str = AgeStatement.UNASKED,
) -> dict[str, Any]:
    """Return the fields of a sign-up. `briefed`: they read the safety brief. Raises Refused without brief,
    age or shifts."""
    plan = queries.shift_plan_of(event)
    if plan is not None and plan.brief and not briefed:
        raise Refused(_("Read the safety brief first, and say that you did."))
    if plan is not None and plan.asks_age and grown == AgeStatement.UNASKED:
        raise Refused(_("Say whether you are 18, or whether a parent or guardian agrees."))
    if not shifts:
        raise Refused(_("Choose at least one shift."))
    return {
        "name": name,
        "address": address,
        "phone": phone,
        "language": language,
        "grown": grown,
        "written_at": now(),
        "briefed_at": now() if briefed else None,
    }
