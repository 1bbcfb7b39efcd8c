"""What is kept of people without an account under their address: guests, journalists, volunteers, readers.

Addresses are sealed, so that no database can look for them: every row is opened and compared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coalition.accounts.models import Invitation, MembershipRequest
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from documents.contacts import actions as contacts_actions
from documents.models import (
    Approval,
    Clearance,
    Comment,
    Contact,
    GuestLink,
    IncomingFile,
    Joining,
    OneTimeLink,
    QuotationConsent,
)
from events.core.audit import follow
from events.models import (
    Enquiry,
    EventInvitation,
    EventSpeaker,
    PressGuest,
    SchoolGroup,
    Spokesperson,
    Volunteer,
)
from events.volunteers import notifications as volunteers_notifications
from home.models import NewsByMail


@dataclass(frozen=True)
class Kept:
    """Rows of one kind that hold the address in one of `fields`. Without `emptied` they are deleted; else
    they stay and lose these fields, and `why` says what they are still needed for."""

    model: Any
    fields: tuple[str, ...]
    emptied: tuple[str, ...] = ()
    why: str = ""
    also: Callable[[Any], None] | None = None


def _put_away(row: Contact) -> None:
    Contact.objects.filter(pk=row.pk).update(removed_at=row.removed_at or now())
    contacts_actions.forget(row.uuid)


def _end_reminders(row: Volunteer) -> None:
    turns: list[UUID] = list(row.turns.values_list("uuid", flat=True))
    scheduler.forget(key for turn in turns for key in volunteers_notifications.reminder_keys(turn))


def _end_guest(row: GuestLink) -> None:
    row.ended_at = row.ended_at or now()
    row.save(update_fields=["ended_at"])
    Comment.objects.filter(guest=row.uuid).update(guest_name="")
    Clearance.objects.filter(guest=row.uuid).update(guest_name="")
    IncomingFile.objects.filter(guest=row.uuid).update(guest_name="")


def _end_link(row: OneTimeLink) -> None:
    row.ended_at = row.ended_at or now()
    row.save(update_fields=["ended_at"])
    for approval in Approval.objects.filter(round=row.round, organisation=row.organisation):
        if approval.named and approval.named == row.name:
            approval.named = ""
            approval.save(update_fields=["named"])


ACT = "that something was sent or done by link stays, as a guest's"
LETTERS = "which letters went out; that no more may go to an address stays as its hash"
KEPT = (
    Kept(OutboxMail, ("address",)),
    Kept(NewsByMail, ("address",)),
    Kept(PressGuest, ("address",)),
    Kept(Volunteer, ("address",), also=_end_reminders),
    Kept(SchoolGroup, ("address",)),
    Kept(EventInvitation, ("guest_address",)),
    Kept(EventSpeaker, ("address",)),
    Kept(Spokesperson, ("address",)),
    Kept(Contact, ("address", "messenger"), ("name", "address", "phone", "messenger"), LETTERS, _put_away),
    Kept(Invitation, ("email",), ("email", "name"), "who invited for which organisation, and when"),
    Kept(MembershipRequest, ("email", "contact"), ("email", "contact"), "that a group asked to join"),
    Kept(GuestLink, ("email",), ("email", "name"), ACT, _end_guest),
    Kept(OneTimeLink, ("email",), ("email", "name"), ACT, _end_link),
    Kept(QuotationConsent, ("email",), ("email",), "that the words were agreed to"),
    Kept(Joining, ("email",), ("email", "contact", "position"), "the organisation under an open letter"),
    Kept(Enquiry, ("reached_at",), ("reached_at", "name"), "what was asked and answered"),
)


def found(address: str) -> Iterator[tuple[Kept, list[Any]]]:
    """Each kind with its rows that hold this address, whatever the case of its letters."""
    wanted = address.strip().casefold()
    for kept in KEPT:
        rows = kept.model.objects.order_by("pk")
        hits = [row for row in rows if any(_same(getattr(row, name), wanted) for name in kept.fields)]
        if hits:
            yield kept, hits


def _same(value: str | None, wanted: str) -> bool:
    return bool(value) and str(value).strip().casefold() == wanted


def forget(kept: Kept, rows: list[Any]) -> None:
    """Delete or empty these rows, and what hangs on them."""
    for row in rows:
        if kept.also is not None:
            kept.also(row)
        if kept.emptied:
            for name in kept.emptied:
                setattr(row, name, "")
            row.save(update_fields=list(kept.emptied))
            continue
        event = row.event if isinstance(row, EventSpeaker) else None
        row.delete()
        if event is not None:
            event.changed_at = now()
            event.save(update_fields=["changed_at"])
            follow(event)
