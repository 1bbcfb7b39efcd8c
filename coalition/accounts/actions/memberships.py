"""End of a membership: the person leaves, or a representative ends it."""

import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts.actions.people import recheck_sessions
from coalition.accounts.enums import MembershipRole, OfficeKind
from coalition.accounts.models import Mandate, Membership, Office, Organisation, User
from coalition.accounts.permissions import (
    NotAllowed,
    belongs_to,
    may_end_membership,
    may_give_office,
    represents,
)
from coalition.accounts.queries import representatives_of
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> Membership:
    """End it now, with the person's mandates and press office for this organisation.

    The person's approvals remain the organisation's. Raises NotAllowed, and Refused for the last
    representative. Idempotent.
    """
    if not may_end_membership(by, membership):
        raise NotAllowed
    membership = _lock_membership(membership)
    if membership.ended_at:
        return membership
    _require_other_representative(membership)
    moment = now()
    membership.ended_at = moment
    membership.save(update_fields=["ended_at"])
    membership.mandates.filter(revoked_at=None).update(revoked_at=moment)
    offices = Office.objects.filter(person=membership.person, organisation=membership.organisation)
    offices.filter(ended_at=None).update(ended_at=moment)
    _record_membership_audit("membership.ended", by, membership)
    notify_access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str) -> Membership:
    """Change a member's role (representative, alternate, member). Raises NotAllowed and Refused."""
    if not represents(by, membership.organisation):
        raise NotAllowed
    membership = _lock_membership(membership)
    if membership.ended_at:
        raise Refused(_("This person does not belong to the organisation any more."))
    if membership.role == role:
        return membership
    if role != MembershipRole.REPRESENTATIVE:
        _require_other_representative(membership)
    membership.role = MembershipRole(role)
    membership.save(update_fields=["role"])
    _record_membership_audit("membership.role_changed", by, membership)
    notify_access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


def _lock_membership(membership: Membership) -> Membership:
    """Return the row after locking its organisation: two representatives cannot leave concurrently."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("person", "organisation").get(pk=membership.pk)


def _require_other_representative(membership: Membership) -> None:
    if membership.role != MembershipRole.REPRESENTATIVE:
        return
    if not representatives_of(membership.organisation).exclude(pk=membership.pk).exists():
        raise Refused(
            _("An organisation keeps at least one representative. Make another member one first, then go on.")
        )


def _record_membership_audit(action: str, by: User, membership: Membership) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="membership",
        target=membership.uuid,
        organisation=membership.organisation.uuid,
        role=membership.role,
    )


# --- mandates ---
# Mandates of non-representatives to approve for an organisation, by subject and period.


@transaction.atomic
def give_mandate(
    *,
    by: User,
    membership: Membership,
    subject: str,
    valid_from: datetime.datetime,
    valid_until: datetime.datetime,
) -> Mandate:
    """Let a member approve between two moments (aware), on one kind of text or all (`subject` empty).

    Their sessions are rechecked, since a mandate needs a second factor. Raises NotAllowed and Refused.
    """
    if not represents(by, membership.organisation):
        raise NotAllowed
    membership = Membership.objects.select_for_update().select_related("person").get(pk=membership.pk)
    if membership.ended_at:
        raise Refused(_("This person does not belong to the organisation any more."))
    if valid_until <= valid_from:
        raise Refused(_("The mandate ends before it begins. Choose a later last day."))
    if valid_until <= now():
        raise Refused(_("The mandate would already be over. Choose a later last day."))
    mandate = Mandate.objects.create(
        membership=membership, subject=subject, valid_from=valid_from, valid_until=valid_until, given_by=by
    )
    _record_mandate_audit("mandate.given", by, mandate)
    recheck_sessions([membership.person])
    return mandate


@transaction.atomic
def revoke_mandate(*, by: User, mandate: Mandate) -> Mandate:
    """Revoke the mandate now. Approvals given under it remain. Raises NotAllowed."""
    mandate = (
        Mandate.objects.select_for_update(of=("self",))
        .select_related("membership__organisation", "membership__person")
        .get(pk=mandate.pk)
    )
    if not represents(by, mandate.membership.organisation):
        raise NotAllowed
    if mandate.revoked_at is None:
        mandate.revoked_at = now()
        mandate.save(update_fields=["revoked_at"])
        _record_mandate_audit("mandate.revoked", by, mandate)
        recheck_sessions([mandate.membership.person])
    return mandate


def _record_mandate_audit(action: str, by: User, mandate: Mandate) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="mandate",
        target=mandate.uuid,
        organisation=mandate.membership.organisation.uuid,
        subject=mandate.subject,
        until=mandate.valid_until.isoformat(),
    )


# --- offices ---
# Offices for the whole coalition: secretariat, newsroom, press officer.


NEWSROOM_GROUP = "Newsroom"  # its Wagtail permissions are granted by the public site


@transaction.atomic
def give_office(
    *, by: User | None, person: User, kind: str, organisation: Organisation | None = None
) -> Office:
    """Give an office. Idempotent. `by` None: from the server's shell, for the first one.

    A press officer must belong to the organisation. Raises NotAllowed and Refused.
    """
    if by is not None and not may_give_office(by, kind, organisation):
        raise NotAllowed
    person = User.objects.select_for_update().get(pk=person.pk)
    if kind == OfficeKind.PRESS_OFFICER and (organisation is None or not belongs_to(person, organisation)):
        raise Refused(_("A press officer belongs to the organisation. Invite this person into it first."))
    office = Office.objects.filter(person=person, kind=kind, ended_at=None).first()
    if office is not None:
        return office
    office = Office.objects.create(
        person=person, kind=kind, organisation=organisation if kind == OfficeKind.PRESS_OFFICER else None
    )
    if kind == OfficeKind.NEWSROOM:
        person.groups.add(Group.objects.get_or_create(name=NEWSROOM_GROUP)[0])
    _record_office_audit("office.given", by, office)
    notify_access_changed([person])
    recheck_sessions([person])
    return office


@transaction.atomic
def end_office(*, by: User, office: Office) -> Office:
    """End an office. The secretariat keeps at least one person. Raises NotAllowed and Refused."""
    list(Office.objects.select_for_update().filter(kind=office.kind, ended_at=None))
    office = Office.objects.select_related("person", "organisation").get(pk=office.pk)
    if not may_give_office(by, office.kind, office.organisation):
        raise NotAllowed
    if office.ended_at:
        return office
    others = Office.objects.filter(kind=office.kind, ended_at=None).exclude(pk=office.pk)
    if office.kind == OfficeKind.SECRETARIAT and not others.exists():
        raise Refused(_("The secretariat keeps at least one person. Give someone else the office first."))
    office.ended_at = now()
    office.save(update_fields=["ended_at"])
    if office.kind == OfficeKind.NEWSROOM:
        office.person.groups.remove(*Group.objects.filter(name=NEWSROOM_GROUP))
    _record_office_audit("office.ended", by, office)
    notify_access_changed([office.person])
    recheck_sessions([office.person])
    return office


def _record_office_audit(action: str, by: User | None, office: Office) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="person",
        target=office.person.uuid,
        organisation=office.organisation.uuid if office.organisation else None,
        role=office.kind,
    )
