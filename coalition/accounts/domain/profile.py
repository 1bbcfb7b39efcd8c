"""An organisation's profile and how it may be named."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts import changes
from coalition.accounts.domain import identity
from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import NotAllowed, may_edit_profile, may_set_listing
from coalition.audit import log as audit
from coalition.core.errors import Refused

PROFILE_FIELDS = (
    "kind",
    "name_kk",
    "name_ru",
    "name_en",
    "description_kk",
    "description_ru",
    "description_en",
    "initials",
    "regions",
    "languages",
    "reads",
    "website",
)


@transaction.atomic
def change_profile(*, by: User, organisation: Organisation, **profile: Any) -> Organisation:
    """Change fields of PROFILE_FIELDS. Its address keeps its slug, so that links stay. Raises NotAllowed.

    The audit log keeps which fields changed, never their words: a name may be one that is not told.
    """
    if not may_edit_profile(by, organisation):
        raise NotAllowed
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = sorted(
        name for name in PROFILE_FIELDS if name in profile and profile[name] != getattr(row, name)
    )
    for name in changed:
        setattr(row, name, profile[name])
    if not row.initials:
        row.initials = identity.initials_of(row.name_kk)
    if changed:
        row.save(update_fields=[*changed, "initials"])
        _record("organisation.profile_changed", by, row, fields=changed)
        changes.tell(row)
    return row


@transaction.atomic
def change_listing(*, by: User, organisation: Organisation, listing: str) -> Organisation:
    """Change how the organisation may be named from now on, everywhere. Raises NotAllowed and Refused."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.listing == listing:
        return row
    if not may_edit_profile(by, row):
        raise NotAllowed
    if not may_set_listing(by, row, listing):
        raise Refused(_("Only its own representatives may let the organisation be named more openly."))
    row.listing = listing
    row.slug = identity.slug_for(row)
    row.save(update_fields=["listing", "slug"])
    _record("organisation.listing_changed", by, row, listing=listing)
    changes.tell(row)
    return row


def _record(action: str, by: User, organisation: Organisation, **detail: Any) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="organisation",
        target=organisation.uuid,
        organisation=organisation.uuid,
        **detail,
    )
