"""Accepting an invitation: with a new account, or as the person whom the address belongs to."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts.access import access_changed
from coalition.accounts.enums import InvitationState, MembershipRole
from coalition.accounts.models import Invitation, Membership, User
from coalition.accounts.queries import account_of, is_frozen
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token


@transaction.atomic
def accept_as_new(*, token: str, name: str, password: str, language: str) -> User:
    """Make the account the invitation is for; holding the token proves that the address is theirs.

    Raises Refused, also if the address has an account by now. The password has been validated.
    """
    invitation = _locked(token)
    if account_of(invitation.email) is not None:
        raise Refused(_("This address has an account by now. Sign in to accept the invitation."))
    person = User.objects.create_user(invitation.email, password, name=name.strip(), language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _take_in(invitation, person)
    return person


@transaction.atomic
def accept_as(*, token: str, person: User) -> Membership:
    """The signed-in person joins. Raises Refused if the invitation is for another address."""
    invitation = _locked(token)
    if account_of(invitation.email) != person:
        raise Refused(_("This invitation was sent to another address. Ask for one to your own."))
    return _take_in(invitation, person)


@transaction.atomic
def accept_as_returning(*, token: str) -> Membership:
    """A person who has an account but belongs nowhere any more, and so cannot sign in before accepting.

    Gives the account its membership and no session: password and second factor are asked for next.
    """
    invitation = _locked(token)
    person = account_of(invitation.email)
    if person is None or not person.is_active:
        raise Refused(_("This account is closed. Ask the secretariat."))
    return _take_in(invitation, person)


def _locked(token: str) -> Invitation:
    """The open invitation of a token, locked, so that two clicks at once accept it once."""
    rows = Invitation.objects.select_for_update().select_related("organisation")
    invitation = rows.filter(token_hash=hash_token(token)).first()
    if invitation is None:
        raise Refused(_("There is no such invitation. Check that the link is complete."))
    refusal = why_not(invitation)
    if refusal:
        raise Refused(refusal)
    return invitation


def why_not(invitation: Invitation) -> str:
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


def _take_in(invitation: Invitation, person: User) -> Membership:
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
    audit.record(
        "invitation.accepted",
        actor=person,
        target_kind="invitation",
        target=invitation.uuid,
        organisation=invitation.organisation.uuid,
        role=membership.role,
    )
    access_changed([person])
    return membership
