"""People of outlets, brought by an organisation: kept, shared, put away, and forgotten without a trace."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint
from coalition.workspaces.permissions import Access
from documents.contacts.models import Contact, ContactShare, Outlet
from documents.contacts.queries import contacts_of, outlets_of
from documents.drafts.permissions import may_keep_contacts, require_that
from documents.hooks import HOOKS

CODES = ("also_reads", "beats", "regions", "channels")


@dataclass(frozen=True)
class Person:
    """Who is kept: at which outlet, how and in which language they are written to. Of somebody who is there
    already, None leaves what is known as it is."""

    outlet: str
    name: str
    address: str
    language: Language
    phone: str = ""
    messenger: str | None = None
    also_reads: Iterable[str] | None = None
    beats: Iterable[str] | None = None
    regions: Iterable[str] | None = None
    channels: Iterable[str] | None = None


@dataclass
class Book:
    """What an organisation has in its list, read once for many rows: outlets by name, contacts by the keyed
    hash of their address and, of those without one, by name and outlet."""

    organisation: UUID
    outlets: dict[str, Outlet] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: UUID) -> "Book":
        book = cls(organisation)
        book.outlets = {one.name.casefold(): one for one in outlets_of(organisation)}
        for contact in contacts_of(organisation):
            book.contacts[key_of(contact.outlet.name, contact.name, contact.address)] = contact
        return book

    def outlet(self, name: str) -> Outlet:
        known = self.outlets.get(name.casefold())
        if known is None:
            known = Outlet.objects.create(organisation=self.organisation, name=name)
            self.outlets[name.casefold()] = known
        return known


def key_of(outlet: str, name: str, address: str) -> str:
    """By what somebody is known again: the address, or without one the outlet and the name."""
    return fingerprint(address) if address else f"{one_line(outlet)}\n{one_line(name)}".casefold()


def one_line(words: str) -> str:
    """The words with single spaces and nothing that begins a new line: they stand in heads of mails."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def add_contact(*, access: Access, person: Person) -> Contact:
    """Add a person of an outlet to the contacts of the organisation in whose name `access` acts; one that is
    there already (by address) is brought up to date. Raises NotAllowed, and Refused for what is no address.
    """
    require_that(may_keep_contacts(access))
    with transaction.atomic():
        return keep_person(access=access, person=person, book=Book.of(access.organisation.uuid))


def keep_person(*, access: Access, person: Person, book: Book) -> Contact:
    """The same for one of many, in the caller's transaction."""
    require_that(may_keep_contacts(access))
    _check(person)
    key = key_of(person.outlet, person.name, person.address.strip())
    contact = book.contacts.get(key) or Contact(organisation=book.organisation, added_at=now())
    _fill(contact, person, book)
    book.contacts[key] = contact
    keep_contact(access, contact, "contact.kept")
    return contact


def change_contact(*, access: Access, contact: Contact, person: Person) -> Contact:
    """Say anew who somebody is. Raises NotAllowed for who does not own the contact, and Refused, also if the
    address is somebody else's in this list."""
    with transaction.atomic():
        locked = _own(access, contact)
        _check(person)
        mark = fingerprint(person.address) if person.address.strip() else ""
        others = Contact.objects.filter(organisation=locked.organisation, removed_at=None)
        if mark and others.filter(address_print=mark).exclude(pk=locked.pk).exists():
            raise Refused(_("Somebody else in your list has this address already."))
        _fill(locked, person, Book.of(locked.organisation))
        keep_contact(access, locked, "contact.kept")
    return locked


def put_away(*, access: Access, contact: Contact) -> Contact:
    """Take somebody out of the list and end what they could read; `bring_back` undoes it until they are
    forgotten. Raises NotAllowed for who does not own the contact."""
    with transaction.atomic():
        locked = _own(access, contact)
        for follow in HOOKS.contact_put_away:
            follow(locked.uuid)
        locked.removed_at = now()
        locked.save(update_fields=["removed_at"])
        keep_contact(access, locked, "contact.removed")
    return locked


def bring_back(*, access: Access, contact: Contact) -> Contact:
    """Put somebody into the list again who was put away. What they could read under embargo stays ended.
    Raises NotAllowed, and Refused if they are forgotten or there again."""
    with transaction.atomic():
        locked = _own(access, contact)
        if not locked.name:
            raise Refused(_("This contact is deleted for good. Add the person anew."))
        here = Contact.objects.filter(organisation=locked.organisation, removed_at=None)
        if locked.address_print and here.filter(address_print=locked.address_print).exists():
            raise Refused(_("Somebody with this address is in your list again."))
        locked.removed_at = None
        locked.save(update_fields=["removed_at"])
        keep_contact(access, locked, "contact.brought_back")
    return locked


def forget(uuid: UUID) -> None:
    """Delete everything about who it was that was put away; the row stays, empty."""
    Contact.objects.filter(uuid=uuid, removed_at__isnull=False).update(
        name="", address="", phone="", messenger="", address_print="", **dict.fromkeys(CODES, "")
    )
    ContactShare.objects.filter(contact__uuid=uuid, contact__removed_at__isnull=False).delete()


def share(*, access: Access, contact: Contact, coalition: bool, workspace: bool) -> Contact:
    """Say who beside the organisation may use a contact: the coalition, or the workspace of `access`, or
    nobody. Other workspaces stay as they are. Raises NotAllowed for who does not own the contact."""
    with transaction.atomic():
        locked = _own(access, contact)
        locked.for_coalition = coalition
        locked.save(update_fields=["for_coalition"])
        here = access.workspace.uuid
        if workspace:
            ContactShare.objects.get_or_create(contact=locked, workspace=here)
        else:
            ContactShare.objects.filter(contact=locked, workspace=here).delete()
        keep_contact(access, locked, "contact.shared" if coalition or workspace else "contact.unshared")
    return locked


def _own(access: Access, contact: Contact) -> Contact:
    require_that(may_keep_contacts(access) and contact.organisation == access.organisation.uuid)
    return Contact.objects.select_for_update(of=("self",)).select_related("outlet").get(pk=contact.pk)


def _check(person: Person) -> None:
    if not one_line(person.outlet) or not one_line(person.name):
        raise Refused(_("Say who it is and of which outlet."))
    if not any((person.address.strip(), person.phone.strip(), (person.messenger or "").strip())):
        raise Refused(_("Give an e-mail address, a phone number or a messenger."))
    if person.address.strip():
        try:
            validate_email(person.address.strip())
        except ValidationError as error:
            raise Refused(_("This is not an e-mail address.")) from error


def _fill(contact: Contact, person: Person, book: Book) -> None:
    contact.outlet = book.outlet(one_line(person.outlet))
    contact.name, contact.address = one_line(person.name), person.address.strip()
    contact.address_print = fingerprint(contact.address) if contact.address else ""
    contact.phone, contact.language = one_line(person.phone), person.language
    if person.messenger is not None:
        contact.messenger = one_line(person.messenger)
    for name in CODES:
        given = getattr(person, name)
        if given is not None:
            setattr(contact, name, list(dict.fromkeys(given)))
    contact.save()


def keep_contact(access: Access, contact: Contact, action: str) -> None:
    """Write the audit entry about a contact: no name."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="contact",
        target=contact.uuid,
        workspace=access.workspace.uuid,
    )
