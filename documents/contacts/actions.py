"""Press contacts of an organisation: add, change, share, remove, erase."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import fingerprint
from coalition.workspaces.permissions import Access
from documents.contacts.models import Contact, ContactShare, Outlet, contacts_of, outlets_of
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.hooks import HOOKS

CODE_FIELDS = ("also_reads", "beats", "regions", "channels")


@dataclass(frozen=True)
class ContactData:
    """A press contact as submitted: outlet, channel and language.
    For an existing contact, None leaves the stored value unchanged."""

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


class ContactBook:
    """An organisation's list, read once for many rows: outlets by name, contacts by `contact_key`."""

    def __init__(self, organisation: UUID) -> None:
        self.organisation = organisation
        self.outlets = {one.name.casefold(): one for one in outlets_of(organisation)}
        self.contacts = {
            contact_key(one.outlet.name, one.name, one.address): one for one in contacts_of(organisation)
        }

    def outlet(self, name: str) -> Outlet:
        if name.casefold() not in self.outlets:
            outlet = Outlet.objects.create(organisation=self.organisation, name=name)
            self.outlets[name.casefold()] = outlet
        return self.outlets[name.casefold()]


def contact_key(outlet: str, name: str, address: str) -> str:
    """Return the identity of a contact: the keyed hash of the address, or without one outlet and name."""
    return fingerprint(address) if address else f"{single_line(outlet)}\n{single_line(name)}".casefold()


def single_line(words: str) -> str:
    """Collapse whitespace and remove line breaks: the words are used in mail headers."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def add_contact(*, access: Access, person: ContactData) -> Contact:
    """Add a press contact to the list of the organisation for which `access` acts; update an existing one (by
    address). Raises NotAllowed, and Refused for an invalid address."""
    require_that(may_manage_contacts(access))
    with transaction.atomic():
        return save_contact(access=access, person=person, book=ContactBook(access.organisation.uuid))


def save_contact(*, access: Access, person: ContactData, book: ContactBook) -> Contact:
    """Add or update one contact of many, in the caller's transaction."""
    require_that(may_manage_contacts(access))
    _validate_contact(person)
    key = contact_key(person.outlet, person.name, person.address.strip())
    contact = book.contacts.get(key) or Contact(organisation=book.organisation, added_at=now())
    _fill_contact(contact, person, book)
    book.contacts[key] = contact
    record_contact_audit(access, contact, "contact.kept")
    return contact


def change_contact(*, access: Access, contact: Contact, person: ContactData) -> Contact:
    """Update a contact. Raises NotAllowed unless the person's organisation owns it, and Refused,
    also if the address belongs to another contact in this list."""
    with transaction.atomic():
        locked = _lock_own_contact(access, contact)
        _validate_contact(person)
        address = person.address.strip()
        others = Contact.objects.filter(organisation=locked.organisation, removed_at=None).exclude(
            pk=locked.pk
        )
        if address and others.filter(address_print=fingerprint(address)).exists():
            raise Refused(_("Somebody else in your list has this address already."))
        _fill_contact(locked, person, ContactBook(locked.organisation))
        record_contact_audit(access, locked, "contact.kept")
    return locked


def archive_contact(*, access: Access, contact: Contact) -> Contact:
    """Remove a contact from the list and end its embargo access; `restore_contact` undoes it until the
    contact is erased. Raises NotAllowed unless the person's organisation owns it."""
    with transaction.atomic():
        locked = _lock_own_contact(access, contact)
        for follow in HOOKS.contact_put_away:
            follow(locked.uuid)
        locked.removed_at = now()
        locked.save(update_fields=["removed_at"])
        record_contact_audit(access, locked, "contact.removed")
    return locked


def restore_contact(*, access: Access, contact: Contact) -> Contact:
    """Restore a removed contact. Its ended embargo access is not restored.
    Raises NotAllowed, and Refused if the contact is erased or in the list again."""
    with transaction.atomic():
        locked = _lock_own_contact(access, contact)
        if not locked.name:
            raise Refused(_("This contact is deleted for good. Add the person anew."))
        here = Contact.objects.filter(organisation=locked.organisation, removed_at=None)
        if locked.address_print and here.filter(address_print=locked.address_print).exists():
            raise Refused(_("Somebody with this address is in your list again."))
        locked.removed_at = None
        locked.save(update_fields=["removed_at"])
        record_contact_audit(access, locked, "contact.brought_back")
    return locked


def forget_contact(uuid: UUID) -> None:
    """Erase all personal data of a removed contact; the row stays, empty."""
    Contact.objects.filter(uuid=uuid, removed_at__isnull=False).update(
        name="", address="", phone="", messenger="", address_print="", **dict.fromkeys(CODE_FIELDS, "")
    )
    ContactShare.objects.filter(contact__uuid=uuid, contact__removed_at__isnull=False).delete()


def share_contact(*, access: Access, contact: Contact, coalition: bool, workspace: bool) -> Contact:
    """Set who besides the organisation may use a contact: the coalition, the workspace of `access`, or
    neither. Other workspaces' shares are unchanged. Raises NotAllowed unless the organisation owns it."""
    with transaction.atomic():
        locked = _lock_own_contact(access, contact)
        locked.for_coalition = coalition
        locked.save(update_fields=["for_coalition"])
        here = access.workspace.uuid
        if workspace:
            ContactShare.objects.get_or_create(contact=locked, workspace=here)
        else:
            ContactShare.objects.filter(contact=locked, workspace=here).delete()
        is_shared = coalition or workspace
        record_contact_audit(access, locked, "contact.shared" if is_shared else "contact.unshared")
    return locked


def _lock_own_contact(access: Access, contact: Contact) -> Contact:
    require_that(may_manage_contacts(access) and contact.organisation == access.organisation.uuid)
    return Contact.objects.select_for_update(of=("self",)).select_related("outlet").get(pk=contact.pk)


def _validate_contact(person: ContactData) -> None:
    if not single_line(person.outlet) or not single_line(person.name):
        raise Refused(_("Say who it is and of which outlet."))
    if not any((person.address.strip(), person.phone.strip(), (person.messenger or "").strip())):
        raise Refused(_("Give an e-mail address, a phone number or a messenger."))
    if person.address.strip():
        try:
            validate_email(person.address.strip())
        except ValidationError as error:
            raise Refused(_("This is not an e-mail address.")) from error


def _fill_contact(contact: Contact, person: ContactData, book: ContactBook) -> None:
    contact.outlet = book.outlet(single_line(person.outlet))
    contact.name, contact.address = single_line(person.name), person.address.strip()
    contact.address_print = fingerprint(contact.address) if contact.address else ""
    contact.phone, contact.language = single_line(person.phone), person.language
    if person.messenger is not None:
        contact.messenger = single_line(person.messenger)
    for name in CODE_FIELDS:
        if (codes := getattr(person, name)) is not None:
            setattr(contact, name, list(dict.fromkeys(codes)))
    contact.save()


def record_contact_audit(access: Access, contact: Contact, action: str) -> None:
    """Write the audit entry of a contact, without the name."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="contact",
        target=contact.uuid,
        workspace=access.workspace.uuid,
    )
