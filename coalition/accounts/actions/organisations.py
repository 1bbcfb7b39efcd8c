"""Identifiers of an organisation: code, initials, colour and, if publicly listed, its slug."""

import re
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coalition.accounts import registry
from coalition.accounts.actions.memberships import mail_secretariat, recheck_sessions
from coalition.accounts.models import Invitation, Listing, Mandate, Membership, Office, Organisation, User
from coalition.accounts.permissions import (
    NotAllowed,
    is_secretariat,
    may_edit_profile,
    may_set_listing,
    represents,
)
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused

HUE_COUNT = 12
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no characters that are easily confused
CODE_LENGTH = 5
MAX_SLUG_LENGTH = 80


def new_code() -> str:
    """Return a random code for a withheld name; a rising number would reveal the order."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if not Organisation.objects.filter(code=code).exists():
            return code


def initials_of(name: str) -> str:
    """Return the first letters of the first two words, without quotation marks and dashes."""
    words = re.findall(r"[^\W_]+", name)
    return "".join(word[0] for word in words[:2]).upper()


def next_hue() -> int:
    """Return the least used colour (1 to 12)."""
    used = dict(Organisation.objects.values_list("hue").annotate(many=Count("pk")).order_by())
    return min(range(1, HUE_COUNT + 1), key=lambda hue: (used.get(hue, 0), hue))


def slug_for(organisation: Organisation) -> str | None:
    """Return a slug from the English name if publicly listed, else None: a URL reveals the name."""
    if organisation.listing != Listing.PUBLIC:
        return None
    base = slugify(organisation.name_en)[: MAX_SLUG_LENGTH - CODE_LENGTH - 1] or organisation.code.lower()
    taken = Organisation.objects.filter(slug=base).exclude(pk=organisation.pk).exists()
    return f"{base}-{organisation.code.lower()}" if taken else base


def _record_audit(action: str, by: User, organisation: Organisation, **detail: Any) -> None:
    uuid = organisation.uuid
    log.record_audit(action, actor=by, target=uuid, organisation=uuid, **detail)


@transaction.atomic
def create_organisation(*, by: User, **profile: Any) -> Organisation:
    """Create it from the fields of a profile (PROFILE_FIELDS and `listing`).

    Raises NotAllowed for anyone but the secretariat.
    """
    if not is_secretariat(by):
        raise NotAllowed
    organisation = Organisation(code=new_code(), hue=next_hue(), **profile)
    organisation.initials = organisation.initials or initials_of(organisation.name_kk)
    organisation.slug = slug_for(organisation)
    organisation.save()
    _record_audit("organisation.created", by, organisation, listing=organisation.listing)
    return organisation


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
    """Change fields of PROFILE_FIELDS. The slug stays, so that links keep working. Raises NotAllowed.

    The audit log records which fields changed, never their values: a name may be withheld.
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
        row.initials = initials_of(row.name_kk)
    if changed:
        row.save(update_fields=[*changed, "initials"])
        _record_audit("organisation.profile_changed", by, row, fields=changed)
        registry.notify_organisation_changed(row)
    return row


@transaction.atomic
def change_listing(*, by: User, organisation: Organisation, listing: str) -> Organisation:
    """Change the organisation's listing everywhere from now on. Raises NotAllowed and Refused."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.listing == listing:
        return row
    if not may_edit_profile(by, row):
        raise NotAllowed
    if not may_set_listing(by, row, listing):
        raise Refused(_("Only its own representatives may let the organisation be named more openly."))
    row.listing = listing
    row.slug = slug_for(row)
    row.save(update_fields=["listing", "slug"])
    _record_audit("organisation.listing_changed", by, row, listing=listing)
    registry.notify_organisation_changed(row)
    return row


@transaction.atomic
def end_organisation(*, by: User, organisation: Organisation) -> Organisation:
    """End memberships, mandates, offices for it and open invitations, in one transaction.

    Its approvals, acceptances and answers stay on record. Raises NotAllowed for anyone but a
    representative, Refused if it has left. Higher layers react through `notify_access_changed`.
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.left_at is not None:
        raise Refused(_("This organisation has left the coalition."))
    if not represents(by, row):
        raise NotAllowed
    moment = now()
    members = Membership.objects.filter(organisation=row, ended_at=None)
    people = list(User.objects.filter(memberships__in=members).distinct())
    Mandate.objects.filter(membership__in=members, revoked_at=None).update(revoked_at=moment)
    Office.objects.filter(organisation=row, ended_at=None).update(ended_at=moment)
    Invitation.objects.filter(organisation=row, accepted_at=None, revoked_at=None).update(revoked_at=moment)
    row.left_at = moment
    row.save(update_fields=["left_at"])
    Membership.objects.filter(organisation=row, ended_at=None).update(ended_at=moment)
    _record_audit("organisation.left_coalition", by, row, role="representative")
    registry.notify_organisation_changed(row)
    notify_access_changed(people)
    recheck_sessions(people)
    mail_secretariat(  # without the name; the list of organisations displays it
        about=f"left-coalition:{row.uuid}",
        template="partners/left_coalition",
        address="/workspaces/secretariat/workspaces/",
        code=row.code,
    )
    return row
