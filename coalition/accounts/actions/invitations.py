"""Inviting a person into an organisation, by mail."""

import datetime
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.enums import InvitationState, MembershipRole
from coalition.accounts.models import Invitation, Membership, Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.accounts.permissions import NotAllowed, may_invite
from coalition.accounts.queries import account_for_address, is_frozen, open_invitations
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox


@transaction.atomic
def invite_person(
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
        expires_at=_invitation_expiry(),
    )
    _queue_invitation_mail(invitation, token)
    _record_invitation_audit("invitation.sent", by, invitation)
    return invitation


@transaction.atomic
def resend_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Send a new link, valid for the full time again; the old link stops working."""
    invitation = _lock_open_invitation(by, invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hash_token(token), _invitation_expiry()
    invitation.save(update_fields=["token_hash", "expires_at"])
    _queue_invitation_mail(invitation, token)
    _record_invitation_audit("invitation.sent_again", by, invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Take the invitation back: its link says so from now on."""
    invitation = _lock_open_invitation(by, invitation)
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    _record_invitation_audit("invitation.revoked", by, invitation)
    return invitation


def _lock_open_invitation(by: User, invitation: Invitation) -> Invitation:
    """The row, locked; expired ones count as open, since they can be sent again."""
    invitation = Invitation.objects.select_for_update().select_related("organisation").get(pk=invitation.pk)
    if not may_invite(by, invitation.organisation, invitation.role):
        raise NotAllowed
    if invitation.state == InvitationState.ACCEPTED:
        raise Refused(_("This invitation has been accepted already."))
    if invitation.state == InvitationState.REVOKED:
        raise Refused(_("This invitation has been taken back already."))
    return invitation


def _invitation_expiry() -> datetime.datetime:
    return now() + datetime.timedelta(days=settings.INVITATION_DAYS)


def _queue_invitation_mail(invitation: Invitation, token: str) -> None:
    organisation = invitation.organisation
    told = may_see_name(PUBLIC, organisation)  # mail passes through many hands
    link = reverse("partners:invitation", args=[token])
    outbox.queue_mail(
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


def _record_invitation_audit(action: str, by: User, invitation: Invitation) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="invitation",
        target=invitation.uuid,
        organisation=invitation.organisation.uuid,
        role=invitation.role,
    )


# --- accept invitation ---
# Accepting an invitation: with a new account, or as the person whom the address belongs to.


@transaction.atomic
def accept_as_new(*, token: str, name: str, password: str, language: str) -> User:
    """Make the account the invitation is for; holding the token proves that the address is theirs.

    Raises Refused, also if the address has an account by now. The password has been validated.
    """
    invitation = _lock_invitation_by_token(token)
    if account_for_address(invitation.email) is not None:
        raise Refused(_("This address has an account by now. Sign in to accept the invitation."))
    person = User.objects.create_user(invitation.email, password, name=name.strip(), language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _create_membership(invitation, person)
    return person


@transaction.atomic
def accept_as(*, token: str, person: User) -> Membership:
    """The signed-in person joins. Raises Refused if the invitation is for another address."""
    invitation = _lock_invitation_by_token(token)
    if account_for_address(invitation.email) != person:
        raise Refused(_("This invitation was sent to another address. Ask for one to your own."))
    return _create_membership(invitation, person)


@transaction.atomic
def accept_as_returning(*, token: str) -> Membership:
    """A person who has an account but belongs nowhere any more, and so cannot sign in before accepting.

    Gives the account its membership and no session: password and second factor are asked for next.
    """
    invitation = _lock_invitation_by_token(token)
    person = account_for_address(invitation.email)
    if person is None or not person.is_active:
        raise Refused(_("This account is closed. Ask the secretariat."))
    return _create_membership(invitation, person)


def _lock_invitation_by_token(token: str) -> Invitation:
    """The open invitation of a token, locked, so that two clicks at once accept it once."""
    rows = Invitation.objects.select_for_update().select_related("organisation")
    invitation = rows.filter(token_hash=hash_token(token)).first()
    if invitation is None:
        raise Refused(_("There is no such invitation. Check that the link is complete."))
    refusal = invitation_refusal(invitation)
    if refusal:
        raise Refused(refusal)
    return invitation


def invitation_refusal(invitation: Invitation) -> str:
    """In words, why the invitation cannot be accepted now; empty if it can."""
    match invitation.state:
        case InvitationState.ACCEPTED:
            return _("This invitation has been used. If that was you, sign in.")
        case InvitationState.REVOKED:
            return _("This invitation has been taken back. Ask the person who invited you.")
        case InvitationState.EXPIRED:
            return _("This invitation has expired. Ask the person who invited you to send it again.")
    if invitation.organisation.left_at or is_frozen(invitation.organisation):
        return _("The organisation cannot take anyone in at the moment. Ask the person who invited you.")
    return ""


def _create_membership(invitation: Invitation, person: User) -> Membership:
    membership, _made = Membership.objects.get_or_create(
        person=person,
        organisation=invitation.organisation,
        ended_at=None,
        defaults={"role": invitation.role},
    )
    if invitation.role == MembershipRole.REPRESENTATIVE and membership.role != invitation.role:
        membership.role = invitation.role
        membership.save(update_fields=["role"])
    invitation.accepted_at, invitation.accepted_by = now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    log.record_audit(
        "invitation.accepted",
        actor=person,
        target_kind="invitation",
        target=invitation.uuid,
        organisation=invitation.organisation.uuid,
        role=membership.role,
    )
    notify_access_changed([person])
    return membership
