"""Data of people without an account by address: guests, journalists, volunteers, readers.

Addresses are encrypted and cannot be queried: every row is decrypted and compared. Supporters of an
appeal are also found by a fingerprint of the address, even after it was erased, as long as there is
one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from coalition.accounts.models import Invitation, MembershipRequest
from coalition.applicants.mailboxes import owner_prints
from coalition.campaigns.appeals.actions.confirm import withdraw_support
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.mail_funnel import detach_askings
from coalition.campaigns.models import Support, SupportMailLimit
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
from events.core.audit import call_change_listeners
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
class AddressRows:
    """Rows of one kind with the address in one of `fields`. Without `emptied` they are deleted;
    else they stay and lose these fields, and `why` gives the reason for keeping them. `only`:
    filter of the rows;
    `owner_print`: their field with the owner's fingerprint (`coalition.applicants.mailboxes`);
    `also`: called with a row before."""

    model: Any
    fields: tuple[str, ...]
    emptied: tuple[str, ...] = ()
    why: str = ""
    also: Callable[[Any], None] | None = None
    only: Q = field(default_factory=Q)
    owner_print: str = ""


def _remove_contact(row: Contact) -> None:
    Contact.objects.filter(pk=row.pk).update(removed_at=row.removed_at or now())
    contacts_actions.forget_contact(row.uuid)


def _end_reminders(row: Volunteer) -> None:
    turns: list[UUID] = list(row.turns.values_list("uuid", flat=True))
    scheduler.delete_work(key for turn in turns for key in volunteers_notifications.reminder_keys(turn))


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


def _delete_mails(row: Support) -> None:
    detach_askings([row])


def _withdraw(row: Support) -> None:
    """Withdraw as by the link in the mail: totals are updated, consents and fingerprints
    deleted."""
    withdraw_support(token=SUPPORT.token(row))
    row.refresh_from_db()


ACT = "that something was sent or done by link stays, as a guest's"
UNCONFIRMED = Q(state=SupportState.UNCONFIRMED)
WITHDRAWN = "that somebody supported an appeal and withdrew, who is counted no more"
LETTERS = "which letters went out; that no more may go to an address stays as its hash"
ADDRESS_ROWS = (
    AddressRows(OutboxMail, ("address",)),
    AddressRows(NewsByMail, ("address",)),
    AddressRows(PressGuest, ("address",)),
    AddressRows(Volunteer, ("address",), also=_end_reminders),
    AddressRows(SchoolGroup, ("address",)),
    AddressRows(Support, ("address",), also=_delete_mails, only=UNCONFIRMED, owner_print="owner_print"),
    AddressRows(
        Support,
        ("address",),
        ("address", "name"),
        WITHDRAWN,
        _withdraw,
        only=~UNCONFIRMED,
        owner_print="owner_print",
    ),
    AddressRows(SupportMailLimit, (), only=Q(is_stopped=False), owner_print="address_print"),
    AddressRows(EventInvitation, ("guest_address",)),
    AddressRows(EventSpeaker, ("address",)),
    AddressRows(Spokesperson, ("address",)),
    AddressRows(
        Contact, ("address", "messenger"), ("name", "address", "phone", "messenger"), LETTERS, _remove_contact
    ),
    AddressRows(Invitation, ("email",), ("email", "name"), "who invited for which organisation, and when"),
    AddressRows(MembershipRequest, ("email", "contact"), ("email", "contact"), "that a group asked to join"),
    AddressRows(GuestLink, ("email",), ("email", "name"), ACT, _end_guest),
    AddressRows(OneTimeLink, ("email",), ("email", "name"), ACT, _end_link),
    AddressRows(QuotationConsent, ("email",), ("email",), "that the words were agreed to"),
    AddressRows(
        Joining, ("email",), ("email", "contact", "position"), "the organisation under an open letter"
    ),
    AddressRows(Enquiry, ("reached_at",), ("reached_at", "name"), "what was asked and answered"),
)


def find_address_rows(address: str) -> Iterator[tuple[AddressRows, list[Any]]]:
    """Yield each kind with its rows that contain this address, case-insensitively."""
    wanted = address.strip().casefold()
    prints = _owner_prints(address)
    for kept in ADDRESS_ROWS:
        rows = kept.model.objects.filter(kept.only & _rows_that_may_hold(kept, prints)).order_by("pk")
        hits = [
            row for row in rows if _has_owner_print(row, kept, prints) or _holds_address(row, kept, wanted)
        ]
        if hits:
            yield kept, hits


def _owner_prints(address: str) -> list[str]:
    try:
        return owner_prints(address)
    except ValueError:  # no valid address: nobody owns it
        return []


def _rows_that_may_hold(kept: AddressRows, prints: list[str]) -> Q:
    """Filter the rows to decrypt: of thousands with erased addresses, those with the
    fingerprint."""
    if not kept.owner_print:
        return Q()
    with_address = Q(*(~Q((name, "")) for name in kept.fields)) if kept.fields else Q(pk__in=[])
    return with_address | Q((f"{kept.owner_print}__in", prints))


def _has_owner_print(row: Any, kept: AddressRows, prints: list[str]) -> bool:
    return bool(kept.owner_print) and getattr(row, kept.owner_print) in prints


def _holds_address(row: Any, kept: AddressRows, wanted: str) -> bool:
    return any(_is_same_address(getattr(row, name), wanted) for name in kept.fields)


def _is_same_address(value: str | None, wanted: str) -> bool:
    return bool(value) and str(value).strip().casefold() == wanted


def forget_rows(kept: AddressRows, rows: list[Any]) -> None:
    """Delete or empty these rows and their dependents."""
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
            call_change_listeners(event)
