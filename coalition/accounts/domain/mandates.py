"""Mandates: who, besides representatives, may approve for the organisation, on what and until when."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts.domain.sessions import recheck_sessions
from coalition.accounts.models import Mandate, Membership, User
from coalition.accounts.rules import NotAllowed, represents
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused


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

    Their sessions look again, since a mandate needs a second factor. Raises NotAllowed and Refused.
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
    _record("mandate.given", by, mandate)
    recheck_sessions([membership.person])
    return mandate


@transaction.atomic
def revoke_mandate(*, by: User, mandate: Mandate) -> Mandate:
    """Take the mandate back now. What was approved by it stays. Raises NotAllowed."""
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
        _record("mandate.revoked", by, mandate)
        recheck_sessions([mandate.membership.person])
    return mandate


def _record(action: str, by: User, mandate: Mandate) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="mandate",
        target=mandate.uuid,
        organisation=mandate.membership.organisation.uuid,
        subject=mandate.subject,
        until=mandate.valid_until.isoformat(),
    )
