"""Signing up for shifts: by a link without an account, the address proved by mail; or with an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint, refuse_flood
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import is_admitted, require_that
from events.volunteers.actions.assignments import hold_volunteer, take
from events.volunteers.actions.links import note_use, open_to_guests
from events.volunteers.actions.shifts import row_of
from events.volunteers.enums import Grown, TurnState
from events.volunteers.models import Shift, ShiftLink, ShiftTurn, Volunteer
from events.volunteers.notifications import OWN, send_link
from events.volunteers.queries import known_shifts, shift_plan_of, volunteer_of_user


@dataclass(frozen=True)
class SigningUp:
    """What a volunteer writes. `shifts`: UUIDs; `briefed`: they read the safety brief."""

    name: str
    address: str
    phone: str
    language: Language
    shifts: Sequence[UUID]
    briefed: bool = False
    grown: Grown = Grown.UNASKED


def why_closed(event: Event) -> str:
    """Why nobody can sign up now: "cancelled", "over", "marks"; "" while they can."""
    if event.cancelled_at is not None:
        return "cancelled"
    if event.lasts_until is not None and event.lasts_until < now():
        coming = Shift.objects.filter(event=event, removed_at=None, starts_at__gt=now())
        return "" if coming.exists() else "over"
    return "" if open_to_guests(event) else "marks"


def ask_to_help(*, link: ShiftLink, asking: SigningUp) -> None:
    """Keep what was written and mail a link. Whoever asks is told the same, known or not.

    Somebody whose address is proved gets the link to their page and nothing is changed: anybody can type an
    address. Raises Refused if the link has ended, the event is cancelled, brief or age are not confirmed, or
    so many ask that it is no longer people.
    """
    with transaction.atomic():
        event = hold(link.event)
        fresh = ShiftLink.objects.filter(pk=link.pk, taken_back_at=None, until__gt=now()).first()
        if fresh is None or why_closed(event):
            raise Refused(_("Nobody can sign up by this link any more."))
        _check(event, asking)
        mark = fingerprint(asking.address)
        known = Volunteer.objects.filter(event=event, address_print=mark).first()
        if known is None:
            refuse_flood(Volunteer.objects.filter(event=event))
            known = _new(event, mark)
        known.event = event
        if known.proved_at is None:
            _write(known, asking)
            _wish(known, asking.shifts)
        note_use(fresh, signed_up=True)
        send_link(known)


def prove_address(*, volunteer: Volunteer) -> list[str]:
    """Whoever opened the link says that it was them: what they chose is theirs, as far as it is still free.

    Returns why something is not, in words. A second press changes nothing. Raises Refused as `take_shift`
    if the event is cancelled.
    """
    refused: list[str] = []
    with transaction.atomic():
        event, locked = hold_volunteer(volunteer)
        if locked.proved_at is not None:
            return []
        locked.proved_at, locked.told_sequence = now(), event.sequence
        locked.save(update_fields=["proved_at", "told_sequence"])
        wished = ShiftTurn.objects.filter(volunteer=locked, state=TurnState.WISHED)
        for turn in wished.select_related("shift").order_by("shift__starts_at"):
            try:
                take(event, locked, row_of(event, turn.shift.uuid))
            except Refused as refusal:
                refused.append(refusal.message)
                turn.delete()
        log.record(
            "event.volunteer_proved",
            actor=None,
            target_kind="event",
            target=event.uuid,
            workspace=event.workspace.uuid,
            volunteer=str(locked.uuid),
        )
    return refused


def not_me(*, volunteer: Volunteer) -> None:
    """Delete what was written by who never proved the address. Of anybody else nothing is deleted."""
    Volunteer.objects.filter(pk=volunteer.pk, proved_at=None).delete()


def join(*, access: Access, event: Event, asking: SigningUp) -> Volunteer:
    """Somebody with an account and a seat signs up: no mail proves what the account has proved. All of the
    shifts or none.

    Raises NotAllowed if the event is not for their organisation; Refused as `take_shift`, and without brief
    or age.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(is_admitted(access, locked))
        refuse_cancelled(locked)
        _check(locked, asking)
        row = _member_row(locked, access.user)
        _write(row, asking)
        row.proved_at = row.proved_at or now()
        row.save(update_fields=["proved_at"])
        for uuid in asking.shifts:
            take(locked, row, row_of(locked, uuid))
    return row


def _member_row(event: Event, user: User) -> Volunteer:
    """Their row at this event: also the one that they made by a link, with the address of the account."""
    mark = fingerprint(user.email)
    row = volunteer_of_user(event, user)
    row = row or Volunteer.objects.filter(event=event, address_print=mark).first() or _new(event, mark)
    row.event, row.user, row.told_sequence = event, user, event.sequence
    return row


def _new(event: Event, mark: str) -> Volunteer:
    uuid = uuid7()
    return Volunteer(
        uuid=uuid, event=event, address_print=mark, token_hash=hash_token(derive_token(OWN, uuid))
    )


def _write(volunteer: Volunteer, asking: SigningUp) -> None:
    volunteer.name, volunteer.address = asking.name.strip(), asking.address.strip()
    volunteer.phone, volunteer.language = asking.phone.strip(), asking.language
    volunteer.grown, volunteer.written_at = asking.grown, now()
    volunteer.briefed_at = now() if asking.briefed else None
    volunteer.save()


def _wish(volunteer: Volunteer, shifts: Sequence[UUID]) -> None:
    """What they chose last counts: only after the address is proved it is taken."""
    ShiftTurn.objects.filter(volunteer=volunteer, state=TurnState.WISHED).delete()
    found = known_shifts(volunteer.event, shifts)
    ShiftTurn.objects.bulk_create(ShiftTurn(shift=one, volunteer=volunteer) for one in found.values())


def _check(event: Event, asking: SigningUp) -> None:
    plan = shift_plan_of(event)
    if plan is not None and any(plan.brief.values()) and not asking.briefed:
        raise Refused(_("Read the safety brief first, and say that you did."))
    if plan is not None and plan.asks_age and asking.grown == Grown.UNASKED:
        raise Refused(_("Say whether you are 18, or whether a parent or guardian agrees."))
    if not asking.shifts:
        raise Refused(_("Choose at least one shift."))
