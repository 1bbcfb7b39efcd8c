"""Members vouch for a group that asks to join, or no more; the secretariat takes it in or declines."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.domain.create_organisation import create_organisation
from coalition.accounts.domain.invite import invite
from coalition.accounts.enums import MembershipRole, RequestState
from coalition.accounts.models import MembershipRequest, Organisation, User, Vouch
from coalition.accounts.request_queries import NEEDED, vouching_memberships
from coalition.accounts.rules import NotAllowed, is_secretariat, represents
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox


@transaction.atomic
def vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> Vouch:
    """A representative vouches for the group in the name of their organisation.

    Raises NotAllowed for everyone else, Refused for a request that is decided, or was vouched for by it or by
    the same person for another one: two people are to know the group.
    """
    if not vouching_memberships(by).filter(organisation=organisation).exists():
        raise NotAllowed
    row = _locked(request)
    if row.vouches.filter(organisation=organisation).exists():
        raise Refused(_("Your organisation vouches for this group already."))
    if row.vouches.filter(person=by).exists():
        raise Refused(
            _("You vouch for this group already, for another organisation: another person vouches here.")
        )
    made = Vouch.objects.create(request=row, organisation=organisation, person=by, at=now())
    _record("request.vouched", by, row, organisation)
    return made


@transaction.atomic
def take_back_vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> None:
    """A representative takes back that their organisation vouches, as long as nothing is decided.

    Raises NotAllowed for everyone else, Refused for a request that is decided or for which the organisation
    does not vouch.
    """
    if not represents(by, organisation):
        raise NotAllowed
    row = _locked(request)
    gone, _rows = row.vouches.filter(organisation=organisation).delete()
    if not gone:
        raise Refused(_("Your organisation does not vouch for this group."))
    _record("request.vouch_taken_back", by, row, organisation)


@transaction.atomic
def accept_request(*, by: User, request: MembershipRequest, kind: str, listing: str) -> Organisation:
    """Make the group a member, and invite its contact person as first representative.

    Raises NotAllowed but for the secretariat, Refused while fewer than two organisations vouch.
    """
    if not is_secretariat(by):
        raise NotAllowed
    row = _locked(request)
    if row.vouches.count() < NEEDED:
        raise Refused(_("Two organisations have to vouch for a group before it is taken in."))
    organisation = create_organisation(
        by=by,
        kind=kind,
        listing=listing,
        **dict.fromkeys(("name_kk", "name_ru", "name_en"), row.name),
        regions=[row.region] if row.region else [],
        languages=[row.language],
        reads=[row.language],
    )
    invite(
        by=by,
        organisation=organisation,
        email=row.email,
        name=row.contact,
        role=MembershipRole.REPRESENTATIVE,
        language=row.language,
    )
    row.organisation = organisation
    _decide(row, RequestState.ACCEPTED, by)
    _record("request.accepted", by, row, organisation)
    return organisation


@transaction.atomic
def decline_request(*, by: User, request: MembershipRequest, words: str) -> MembershipRequest:
    """Say no, with words that the contact person gets by mail. Raises NotAllowed but for the secretariat."""
    if not is_secretariat(by):
        raise NotAllowed
    row = _locked(request)
    row.answer = words.strip()
    _decide(row, RequestState.DECLINED, by)
    outbox.queue(
        key=f"membership-declined:{row.uuid}",
        template="partners/membership_declined",
        language=row.language,
        address=row.email,
        context={"name": row.contact, "words": row.answer},
    )
    _record("request.declined", by, row)
    return row


def _locked(request: MembershipRequest) -> MembershipRequest:
    row = MembershipRequest.objects.select_for_update().get(pk=request.pk)
    if row.state != RequestState.OPEN:
        raise Refused(_("This request is decided already."))
    return row


def _decide(row: MembershipRequest, state: RequestState, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), by
    row.save(update_fields=["state", "decided_at", "decided_by", "answer", "organisation"])


def _record(action: str, by: User, row: MembershipRequest, organisation: Organisation | None = None) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="request",
        target=row.uuid,
        organisation=organisation.uuid if organisation else None,
    )
