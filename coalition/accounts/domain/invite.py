"""Inviting a person into an organisation, by mail."""

import datetime
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.enums import InvitationState
from coalition.accounts.models import Invitation, Membership, Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for, may_be_told
from coalition.accounts.queries import is_frozen, open_invitations
from coalition.accounts.rules import NotAllowed, may_invite
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox


@transaction.atomic
def invite(
    *, by: User, organisation: Organisation, email: str, name: str, role: str, language: str
) -> Invitation:
    """Write the invitation and its mail. Raises NotAllowed and Refused.

    Whether the address already has an account makes no difference to see here.
    """
    if not may_invite(by, organisation, role):
        raise NotAllowed
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    email = email.strip().lower()
    if is_frozen(organisation):
        raise Refused(_("This organisation is frozen: nobody can be invited until two people thaw it."))
    members = Membership.objects.filter(organisation=organisation, ended_at=None)
    if members.filter(person__email__iexact=email).exists():
        raise Refused(_("This person already belongs to the organisation."))
    if open_invitations(organisation).filter(email=email).exists():
        raise Refused(_("This address has an open invitation. Send it again or take it back first."))
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name.strip(),
        role=role,
        language=language,
        token_hash=hash_token(token),
        invited_by=by,
        expires_at=_expiry(),
    )
    _send(invitation, token)
    _record("invitation.sent", by, invitation)
    return invitation


@transaction.atomic
def resend(*, by: User, invitation: Invitation) -> Invitation:
    """Send a new link, valid for the full time again; the old link stops working."""
    invitation = _locked_open(by, invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hash_token(token), _expiry()
    invitation.save(update_fields=["token_hash", "expires_at"])
    _send(invitation, token)
    _record("invitation.sent_again", by, invitation)
    return invitation


@transaction.atomic
def revoke(*, by: User, invitation: Invitation) -> Invitation:
    """Take the invitation back: its link says so from now on."""
    invitation = _locked_open(by, invitation)
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    _record("invitation.revoked", by, invitation)
    return invitation


def _locked_open(by: User, invitation: Invitation) -> Invitation:
    """The row, locked; expired ones count as open, since they can be sent again."""
    invitation = Invitation.objects.select_for_update().select_related("organisation").get(pk=invitation.pk)
    if not may_invite(by, invitation.organisation, invitation.role):
        raise NotAllowed
    if invitation.state == InvitationState.ACCEPTED:
        raise Refused(_("This invitation has been accepted already."))
    if invitation.state == InvitationState.REVOKED:
        raise Refused(_("This invitation has been taken back already."))
    return invitation


def _expiry() -> datetime.datetime:
    return now() + datetime.timedelta(days=settings.INVITATION_DAYS)


def _send(invitation: Invitation, token: str) -> None:
    organisation = invitation.organisation
    told = may_be_told(PUBLIC, organisation)  # mail passes through many hands
    link = reverse("partners:invitation", args=[token])
    outbox.queue(
        key=f"invitation:{invitation.uuid}:{invitation.token_hash[:16]}",
        template="partners/invitation",
        language=invitation.language,
        address=invitation.email,
        context={
            "name": invitation.name,
            "organisation": display_name_for(PUBLIC, organisation, language=invitation.language)
            if told
            else "",
            "link": settings.SITE_URL.rstrip("/") + link,
            "days": settings.INVITATION_DAYS,
        },
    )


def _record(action: str, by: User, invitation: Invitation) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="invitation",
        target=invitation.uuid,
        organisation=invitation.organisation.uuid,
        role=invitation.role,
    )
