"""An organisation offers itself for contact in an appeal's form, and takes out the addresses that are its."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Listing, Organisation, User
from coalition.accounts.queries import frozen_organisations
from coalition.applicants.forms import normalize_mailbox
from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.contact_addresses import (
    contacts_of,
    end_consents,
    groundless_consents,
    open_consents,
)
from coalition.campaigns.appeals.models import Appeal, ContactOffer
from coalition.campaigns.appeals.permissions import may_export_contacts, may_offer_contact, require_that
from coalition.campaigns.appeals.records import record_appeal_action
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Participation
from coalition.workspaces.permissions import Access


@dataclass(frozen=True, order=True)
class ContactRow:
    """What an organisation gets of a person who lets it write to them."""

    address: str
    language: str


def offer_contact(*, access: Access, appeal: Appeal) -> ContactOffer:
    """Let the person's organisation stand in the form with a tick of its own. Offering twice is one.

    Raises NotAllowed but for a representative of a publicly listed organisation; Refused after the personal
    data ended.
    """
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(
            may_offer_contact(access),
            _("Representatives switch this on, for an organisation that may be named to everybody."),
        )
        if locked.personal_data_ended_at is not None:
            raise Refused(_("The personal data of this appeal ended."))
        known = ContactOffer.objects.filter(
            appeal=locked, organisation=access.organisation, ended_at=None
        ).first()
        if known is not None:
            return known
        offer = ContactOffer.objects.create(
            appeal=locked, organisation=access.organisation, offered_by=access.user, offered_at=now()
        )
        record_appeal_action(access, locked, "appeal.contact_offered")
    return offer


def end_contact_offer(*, access: Access, appeal: Appeal) -> None:
    """Take the organisation out of the form. Who agreed before stays. Doing it again changes nothing."""
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_export_contacts(access), _("Representatives decide for their own organisation."))
        rows = ContactOffer.objects.filter(appeal=locked, organisation=access.organisation, ended_at=None)
        if rows.update(ended_at=now()):
            record_appeal_action(access, locked, "appeal.contact_offer_ended")


def export_contacts(*, access: Access, appeal: Appeal) -> list[ContactRow]:
    """Return the addresses of those who let the person's organisation write to them, by address. The audit
    log keeps that it was done and how many there were.

    Raises NotAllowed but for a representative of the organisation; Refused if there is nobody.
    """
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(
            may_export_contacts(access), _("Representatives take out the contacts of their organisation.")
        )
        rows = contact_rows(locked, access.organisation)
        if not rows:
            raise Refused(_("Nobody lets your organisation write to them yet."))
        record_appeal_action(access, locked, "appeal.contacts_exported", count=len(rows))
    return rows


def contact_rows(appeal: Appeal, organisation: Organisation) -> list[ContactRow]:
    """Return who lets the organisation write to them, by address. Each mailbox once, as it was written last,
    also of people who support several versions."""
    found = contacts_of(appeal.pk, organisation).order_by("pk")
    return sorted(
        {normalize_mailbox(one.address): ContactRow(one.address, one.language) for one in found}.values()
    )


def end_groundless_contacts() -> int:
    """End offers and consents that have no ground any more, as the work of an hour. Returns how many."""
    ended = end_groundless_offers()
    with transaction.atomic():
        return ended + end_consents(groundless_consents())


def end_groundless_offers() -> int:
    """End offers of organisations that left, are frozen, take part no more, or may not be named any more.
    Returns how many."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=OuterRef("appeal__workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    groundless = (
        Exists(frozen)
        | ~Exists(part)
        | ~Q(organisation__listing=Listing.PUBLIC)
        | Q(organisation__left_at__isnull=False)
    )
    rows = ContactOffer.objects.filter(groundless, ended_at=None)
    return ContactOffer.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(ended_at=now())


def access_of_people_changed(_people: Iterable[User]) -> None:
    """End offers that have no ground any more: an organisation may have been frozen.

    Registered with `accounts.access`: called inside the transaction.
    """
    end_groundless_offers()


def organisation_changed(organisation: Organisation) -> None:
    """End offers that have no ground any more; who has left the coalition loses the consents too.

    Registered with `accounts.changes`: called inside the transaction.
    """
    end_groundless_offers()
    if organisation.left_at is not None:
        end_consents(open_consents().filter(organisation=organisation))
