"""Outlets and their people, by the organisation that brought them."""

from uuid import UUID

from django.db.models import QuerySet

from documents.contacts.models import Contact, Outlet


def outlets_of(organisation: UUID) -> QuerySet[Outlet]:
    """Outlets that the organisation knows."""
    return Outlet.objects.filter(organisation=organisation)


def contacts_of(organisation: UUID) -> QuerySet[Contact]:
    """People of outlets whom the organisation brought, and did not remove."""
    return Contact.objects.filter(organisation=organisation, removed_at=None).select_related("outlet")


def contacts_to_write_to(organisation: UUID) -> QuerySet[Contact]:
    """Those of them that have an e-mail address."""
    return contacts_of(organisation).exclude(address_print="")
