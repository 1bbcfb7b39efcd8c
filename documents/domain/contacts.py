"""People of outlets, brought by an organisation: added, and removed without a trace of who they were."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.clock.now import now
from coalition.partners.enums import Language
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents.domain.embargo_end import end_accesses_of, end_feeds_of
from documents.models import Contact, Outlet
from documents.queries.embargo import contacts_of, outlets_of
from documents.rules import may_serve_press, require_that


@dataclass(frozen=True)
class Person:
    """Who is added: at which outlet, where and in which language they are written to."""

    outlet: str
    name: str
    address: str
    language: Language
    phone: str = ""


def add_contact(*, access: Access, person: Person) -> Contact:
    """Add a person of an outlet to the contacts of the organisation in whose name `access` acts; one that is
    there already (by address) is brought up to date. Raises NotAllowed, and Refused for what is no address.
    """
    require_that(may_serve_press(access))
    outlet, name = " ".join(person.outlet.split()), " ".join(person.name.split())
    address = person.address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not an e-mail address.")) from error
    if not outlet or not name:
        raise Refused(_("Say who it is and of which outlet."))
    owner = access.organisation.uuid
    with transaction.atomic():
        known = next(
            (one for one in contacts_of(owner) if one.address.casefold() == address.casefold()), None
        )
        contact = known or Contact(organisation=owner, added_at=now())
        contact.outlet = _outlet(access, outlet)
        contact.name, contact.address, contact.phone = name, address, person.phone.strip()
        contact.language = person.language
        contact.save()
        keep_contact(access, contact, "contact.kept")
    return contact


def remove_contact(*, access: Access, contact: Contact) -> None:
    """Forget who it was and end what they could read. Raises NotAllowed for who does not own the contact."""
    require_that(may_serve_press(access) and contact.organisation == access.organisation.uuid)
    with transaction.atomic():
        locked = Contact.objects.select_for_update().get(pk=contact.pk)
        end_accesses_of(locked.uuid)
        end_feeds_of(locked.uuid)
        locked.name = locked.address = locked.phone = ""
        locked.removed_at = now()
        locked.save()
        keep_contact(access, locked, "contact.removed")


def _outlet(access: Access, name: str) -> Outlet:
    """The outlet of this name: names are sealed, so they are compared here."""
    owner = access.organisation.uuid
    known = next((one for one in outlets_of(owner) if one.name.casefold() == name.casefold()), None)
    return known or Outlet.objects.create(organisation=owner, name=name)


def keep_contact(access: Access, contact: Contact, action: str) -> None:
    """Write the audit entry about a contact: no name."""
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="contact",
        target=contact.uuid,
        workspace=access.workspace.uuid,
    )
