"""Ending a membership: the person leaves, or a representative ends it."""

from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts.access import access_changed
from coalition.accounts.domain.sessions import recheck_sessions
from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Membership, Office, Organisation, User
from coalition.accounts.queries import representatives_of
from coalition.accounts.rules import NotAllowed, may_end_membership, represents
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> Membership:
    """End it now: mandates and the press office for this organisation go with it.

    What the person approved stays the organisation's. Raises NotAllowed, and Refused for the last
    representative. Ending it twice changes nothing.
    """
    if not may_end_membership(by, membership):
        raise NotAllowed
    membership = _locked(membership)
    if membership.ended_at:
        return membership
    _keep_a_representative(membership)
    moment = now()
    membership.ended_at = moment
    membership.save(update_fields=["ended_at"])
    membership.mandates.filter(revoked_at=None).update(revoked_at=moment)
    offices = Office.objects.filter(person=membership.person, organisation=membership.organisation)
    offices.filter(ended_at=None).update(ended_at=moment)
    _record("membership.ended", by, membership)
    access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str) -> Membership:
    """Make a member a representative or alternate, or the other way round. Raises NotAllowed and Refused."""
    if not represents(by, membership.organisation):
        raise NotAllowed
    membership = _locked(membership)
    if membership.ended_at:
        raise Refused(_("This person does not belong to the organisation any more."))
    if membership.role == role:
        return membership
    if role != MembershipRole.REPRESENTATIVE:
        _keep_a_representative(membership)
    membership.role = MembershipRole(role)
    membership.save(update_fields=["role"])
    _record("membership.role_changed", by, membership)
    access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


def _locked(membership: Membership) -> Membership:
    """The row under the lock of its organisation: two representatives cannot leave past each other."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("person", "organisation").get(pk=membership.pk)


def _keep_a_representative(membership: Membership) -> None:
    if membership.role != MembershipRole.REPRESENTATIVE:
        return
    if not representatives_of(membership.organisation).exclude(pk=membership.pk).exists():
        raise Refused(
            _("An organisation keeps at least one representative. Make another member one first, then go on.")
        )


def _record(action: str, by: User, membership: Membership) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="membership",
        target=membership.uuid,
        organisation=membership.organisation.uuid,
        role=membership.role,
    )
