"""Logos of organisations: the only place where they come from."""

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation
from documents.publication.models.organisation_logo import OrganisationLogo


def logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """What the organisation permits to be shown, for its own people."""
    return OrganisationLogo.objects.filter(organisation=organisation).first()


def public_logo_of(organisation: Organisation) -> OrganisationLogo | None:
    """What everyone may see: of an organisation that is named in public and has not left."""
    rows = OrganisationLogo.objects.filter(organisation__listing=Listing.PUBLIC, organisation__left_at=None)
    return rows.filter(organisation=organisation).first()
