"""Outlets and their people, by the organisation that brought them."""

from uuid import UUID

from django.db.models import QuerySet

from documents.contacts.models import Contact, Outlet


def outlets_of(organisation: UUID) -> QuerySet[Outlet]:
    """Return the outlets that the organisation knows."""
    return Outlet.objects.filter(organisation=organisation)


def contacts_of(organisation: UUID) -> QuerySet[Contact]:
    """Return media contacts that the organisation brought and has not removed."""
    return Contact.objects.filter(organisation=organisation, removed_at=None).select_related("outlet")


def contacts_to_write_to(organisation: UUID) -> QuerySet[Contact]:
    """Return those of `contacts_of` that have an e-mail address."""
    return contacts_of(organisation).exclude(address_print="")
