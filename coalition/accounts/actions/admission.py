"""Admission: invitations by mail, and membership requests of groups."""

import datetime
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.actions.memberships import mail_secretariat
from coalition.accounts.actions.organisations import create_organisation
from coalition.accounts.models import (
    Invitation,
    InvitationState,
    Membership,
    MembershipRequest,
    MembershipRole,
    Organisation,
    RequestState,
    User,
    Vouch,
)
from coalition.accounts.naming import PUBLIC, display_mark_for
from coalition.accounts.permissions import NotAllowed, is_secretariat, may_invite, represents
from coalition.accounts.queries import (
    VOUCHES_NEEDED,
    account_for_address,
    is_frozen,
    open_invitations,
    vouching_memberships,
)
from coalition.accounts.registry import notify_access_changed
from coalition.applicants.flow import Flow, delete_unproved, request_proof
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import anonymise_cutoff, days_ago, delete_in_batches, empty_in_batches
from coalition.core.throttling import LINKS_A_DAY, hash_token, refuse_flood
from coalition.mail import outbox


@transaction.atomic
def invite_person(
    *, by: User, organisation: Organisation, email: str, name: str, role: str, language: str
) -> Invitation:
    """Create the invitation and queue its mail. Raises NotAllowed and Refused.

    The result does not reveal whether the address already has an account.
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
    """Send a new link, valid for the full period; the old link stops working."""
    invitation = _lock_open_invitation(by, invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hash_token(token), _invitation_expiry()
    invitation.save(update_fields=["token_hash", "expires_at"])
    _queue_invitation_mail(invitation, token)
    _record_invitation_audit("invitation.sent_again", by, invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Revoke the invitation; its link displays that from now on."""
    invitation = _lock_open_invitation(by, invitation)
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    _record_invitation_audit("invitation.revoked", by, invitation)
    return invitation


def _lock_open_invitation(by: User, invitation: Invitation) -> Invitation:
    """Lock and return the row; expired invitations count as open, since they can be sent again."""
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
    # As everyone may see it: mail is read by many systems.
    mark = display_mark_for(PUBLIC, invitation.organisation, language=invitation.language)
    outbox.queue_mail(
        key=f"invitation:{invitation.uuid}:{invitation.token_hash[:16]}",
        template="partners/invitation",
        language=invitation.language,
        address=invitation.email,
        context={
            "name": invitation.name,
            "organisation": "" if mark.withheld else mark.name,
            "link": outbox.absolute_url(reverse("partners:invitation", args=[token])),
            "days": settings.INVITATION_DAYS,
        },
    )


def _record_invitation_audit(action: str, by: User, invitation: Invitation, role: str = "") -> None:
    log.record_audit(
        action,
        actor=by,
        target=invitation.uuid,
        organisation=invitation.organisation.uuid,
        role=role or invitation.role,
    )


@transaction.atomic
def accept_as_new(*, token: str, name: str, password: str, language: str) -> User:
    """Create the account for the invitation; the token proves ownership of the address.

    Raises Refused, also if the address has an account by now. `password` has been validated.
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
    """Add the signed-in person. Raises Refused if the invitation is for another address."""
    invitation = _lock_invitation_by_token(token)
    if account_for_address(invitation.email) != person:
        raise Refused(_("This invitation was sent to another address. Ask for one to your own."))
    return _create_membership(invitation, person)


@transaction.atomic
def accept_as_returning(*, token: str) -> Membership:
    """Add a person who has an account but no access, and so cannot sign in before accepting.

    Gives the account a membership but no session: password and second factor are requested next.
    """
    invitation = _lock_invitation_by_token(token)
    person = account_for_address(invitation.email)
    if person is None or not person.is_active:
        raise Refused(_("This account is closed. Ask the secretariat."))
    return _create_membership(invitation, person)


def _lock_invitation_by_token(token: str) -> Invitation:
    """Lock and return the open invitation of a token: two simultaneous clicks accept it once."""
    rows = Invitation.objects.select_for_update().select_related("organisation")
    invitation = rows.filter(token_hash=hash_token(token)).first()
    if invitation is None:
        raise Refused(_("There is no such invitation. Check that the link is complete."))
    refusal = invitation_refusal(invitation)
    if refusal:
        raise Refused(refusal)
    return invitation


def invitation_refusal(invitation: Invitation) -> str:
    """Return the reason why the invitation cannot be accepted now; empty if it can."""
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
    _record_invitation_audit("invitation.accepted", person, invitation, membership.role)
    notify_access_changed([person])
    return membership


DECLINED_REQUEST_DAYS = 90
DAY = datetime.timedelta(days=1)
MOST_AN_HOUR = 60  # in total: a higher rate is abuse

MEMBERSHIP = Flow(
    purpose="partners.membership_request",
    model=MembershipRequest,
    own_page="membership_confirm",
    mail_template="partners/membership_confirm",
    mail_context=lambda request: {"name": request.contact},
)


def request_membership(*, address: str, language: str, **fields: str) -> MembershipRequest | None:
    """Store the request and mail the confirmation link. `fields`: the texts of MembershipRequest.

    Returns None if the mailbox had enough mails today, with the same answer for the visitor. Raises
    TooManyRequests if more arrive than anyone can read.
    """
    with transaction.atomic():
        rows = MembershipRequest.objects.all()
        refuse_flood(rows, most=MOST_AN_HOUR)
        today = rows.filter(written_at__gt=now() - DAY)
        if MEMBERSHIP.of_address(address, today).count() >= LINKS_A_DAY:
            return None
        row = MEMBERSHIP.new(address=address, language=language, written_at=now(), **fields)
        row.save()
        request_proof(MEMBERSHIP, row)
    return row


def confirm_request(*, request: MembershipRequest) -> MembershipRequest:
    """Open the request, as its address is verified: representatives may vouch. Notify the secretariat.

    Raises Refused for a request that was confirmed before.
    """
    with transaction.atomic():
        row = MEMBERSHIP.locked(request)
        if row.state != RequestState.UNCONFIRMED:
            raise Refused(gettext_lazy("This link confirms nothing any more."))
        row.state, row.confirmed_at = RequestState.OPEN, now()
        row.save(update_fields=["state", "confirmed_at"])
        log.record_audit("request.confirmed", actor=None, target=row.uuid)
        mail_secretariat(
            about=f"membership-asked:{row.uuid}",
            template="partners/membership_asked",
            address=reverse("secretariat:requests"),
        )
    return row


def delete_old_requests() -> int:
    """Delete unconfirmed requests and requests declined long ago; erase the address of accepted ones.
    Returns the number of rows."""
    declined = MembershipRequest.objects.filter(state=RequestState.DECLINED)
    decided = MembershipRequest.objects.filter(decided_at__lt=anonymise_cutoff()).exclude(
        address="", contact=""
    )
    return (
        delete_unproved(MembershipRequest, state=RequestState.UNCONFIRMED)
        + delete_in_batches(declined.filter(decided_at__lt=days_ago(DECLINED_REQUEST_DAYS)))
        + empty_in_batches(decided, address="", contact="")
    )


@transaction.atomic
def vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> Vouch:
    """Vouch for the group in the name of the representative's organisation.

    Raises NotAllowed for everyone else; Refused for a decided request, or if this organisation or
    this person (for another organisation) already vouches: two people must know the group.
    """
    if not vouching_memberships(by).filter(organisation=organisation).exists():
        raise NotAllowed
    row = _lock_open_request(request)
    if row.vouches.filter(organisation=organisation).exists():
        raise Refused(gettext_lazy("Your organisation vouches for this group already."))
    if row.vouches.filter(person=by).exists():
        raise Refused(
            gettext_lazy(
                "You vouch for this group already, for another organisation: another person vouches here."
            )
        )
    made = Vouch.objects.create(request=row, organisation=organisation, person=by, at=now())
    _record_request_audit("request.vouched", by, row, organisation)
    return made


@transaction.atomic
def withdraw_vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> None:
    """Withdraw the voucher of the representative's organisation while the request is undecided.

    Raises NotAllowed for everyone else, Refused for a request that is decided or for which the
    organisation does not vouch.
    """
    if not represents(by, organisation):
        raise NotAllowed
    row = _lock_open_request(request)
    gone, _rows = row.vouches.filter(organisation=organisation).delete()
    if not gone:
        raise Refused(gettext_lazy("Your organisation does not vouch for this group."))
    _record_request_audit("request.vouch_taken_back", by, row, organisation)


@transaction.atomic
def accept_request(*, by: User, request: MembershipRequest, kind: str, listing: str) -> Organisation:
    """Make the group a member, and invite its contact person as first representative.

    Raises NotAllowed for anyone but the secretariat, Refused while fewer than two organisations vouch.
    """
    if not is_secretariat(by):
        raise NotAllowed
    row = _lock_open_request(request)
    if row.vouches.count() < VOUCHES_NEEDED:
        raise Refused(gettext_lazy("Two organisations have to vouch for a group before it is taken in."))
    organisation = create_organisation(
        by=by,
        kind=kind,
        listing=listing,
        **dict.fromkeys(("name_kk", "name_ru", "name_en"), row.name),
        regions=[row.region] if row.region else [],
        languages=[row.language],
        reads=[row.language],
    )
    invite_person(
        by=by,
        organisation=organisation,
        email=row.address,
        name=row.contact,
        role=MembershipRole.REPRESENTATIVE,
        language=row.language,
    )
    row.organisation = organisation
    _decide_request(row, RequestState.ACCEPTED, by)
    return organisation


@transaction.atomic
def decline_request(*, by: User, request: MembershipRequest, words: str) -> MembershipRequest:
    """Decline; the contact person is mailed `words`. Raises NotAllowed except for the secretariat."""
    if not is_secretariat(by):
        raise NotAllowed
    row = _lock_open_request(request)
    row.answer = words.strip()
    _decide_request(row, RequestState.DECLINED, by)
    outbox.queue_mail(
        key=f"membership-declined:{row.uuid}",
        template="partners/membership_declined",
        language=row.language,
        address=row.address,
        context={"name": row.contact, "words": row.answer},
    )
    return row


def _lock_open_request(request: MembershipRequest) -> MembershipRequest:
    row = MembershipRequest.objects.select_for_update().get(pk=request.pk)
    if row.state != RequestState.OPEN:
        raise Refused(gettext_lazy("This request is decided already."))
    return row


def _decide_request(row: MembershipRequest, state: RequestState, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), by
    row.save(update_fields=["state", "decided_at", "decided_by", "answer", "organisation"])
    _record_request_audit(f"request.{state.value}", by, row, row.organisation)


def _record_request_audit(
    action: str, by: User, row: MembershipRequest, organisation: Organisation | None = None
) -> None:
    log.record_audit(
        action,
        actor=by,
        target=row.uuid,
        organisation=organisation.uuid if organisation else None,
    )
