"""A partner joins the coalition."""

from typing import Any

from django.db import transaction

from coalition.accounts.domain import identity
from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import NotAllowed, is_secretariat
from coalition.audit import log as audit


@transaction.atomic
def create_organisation(*, by: User, **profile: Any) -> Organisation:
    """Create it from the fields of a profile (`profile.PROFILE_FIELDS` and `listing`).

    Only the secretariat may. Raises NotAllowed.
    """
    if not is_secretariat(by):
        raise NotAllowed
    organisation = Organisation(code=identity.new_code(), hue=identity.next_hue(), **profile)
    organisation.initials = organisation.initials or identity.initials_of(organisation.name_kk)
    organisation.slug = identity.slug_for(organisation)
    organisation.save()
    audit.record(
        "organisation.created",
        actor=by,
        target_kind="organisation",
        target=organisation.uuid,
        organisation=organisation.uuid,
        listing=organisation.listing,
    )
    return organisation
