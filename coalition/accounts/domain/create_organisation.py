"""A partner joins the coalition."""

from typing import Any

from django.db import transaction

from coalition.audit import log as audit
from coalition.partners.domain import identity
from coalition.partners.models import Organisation, User
from coalition.partners.rules import NotAllowed, is_secretariat


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
