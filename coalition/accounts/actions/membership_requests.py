"""A group asks to become a member, and confirms by mail that the address is its own."""

import datetime
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.actions.invitations import invite_person
from coalition.accounts.actions.organisations import create_organisation
from coalition.accounts.enums import Language, MembershipRole, OfficeKind, RequestState
from coalition.accounts.models import MembershipRequest, Organisation, User, Vouch
from coalition.accounts.permissions import NotAllowed, is_secretariat, represents
from coalition.accounts.queries import VOUCHES_NEEDED, active_offices, request_by_token, vouching_memberships
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import anonymise_cutoff, days_ago, delete_in_batches, empty_in_batches
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url

CONFIRMATION_DAYS = 7  # an unconfirmed request is kept
DECLINED_REQUEST_DAYS = 90
HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 60  # of the whole coalition: more is not groups that ask
MOST_OF_AN_ADDRESS = 3  # a day


@dataclass(frozen=True)
class MembershipApplication:
    """What a group says of itself."""

    name: str
    region: str
    why: str
    contact: str
    email: str
    language: Language


def request_membership(asking: MembershipApplication) -> MembershipRequest | None:
    """Keep what was written and mail the link that confirms it. None if the address had enough mails today:
    whoever asks is told the same. Raises Refused if so many ask that no person reads it any more."""
    moment, address_print = now(), fingerprint(asking.email)
    rows = MembershipRequest.objects.all()
    if rows.filter(asked_at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
        raise Refused(_("So many have asked within an hour that we cannot take more. Try again later."))
    day = moment - datetime.timedelta(days=1)
    if rows.filter(address_print=address_print, asked_at__gt=day).count() >= MOST_OF_AN_ADDRESS:
        return None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = MembershipRequest.objects.create(
            name=asking.name.strip(),
            region=asking.region,
            why=asking.why.strip(),
            contact=asking.contact.strip(),
            email=asking.email.strip().lower(),
            address_print=address_print,
            language=asking.language,
            token_hash=hash_token(token),
            asked_at=moment,
        )
        with override(asking.language):
            link = absolute_url(reverse("membership_confirm", args=[token]))
        outbox.queue_mail(
            key=f"membership:{row.uuid}",
            template="partners/membership_confirm",
            language=asking.language,
            address=row.email,
            context={"name": row.contact, "button_url": link, "days": CONFIRMATION_DAYS},
        )
    return row


def confirm_request(*, token: str) -> MembershipRequest:
    """The address is proved: the request is open, representatives may vouch, the secretariat is told.

    Raises Refused for a link that confirms nothing (any more).
    """
    with transaction.atomic():
        found = request_by_token(hash_token(token))
        if found is None:
            raise Refused(_("This link confirms nothing any more."))
        row = MembershipRequest.objects.select_for_update().get(pk=found.pk)
        if row.state != RequestState.UNCONFIRMED:
            raise Refused(_("This link confirms nothing any more."))
        row.state, row.confirmed_at = RequestState.OPEN, now()
        row.save(update_fields=["state", "confirmed_at"])
        log.record_audit("request.confirmed", actor=None, target_kind="request", target=row.uuid)
        for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
            outbox.queue_mail(
                key=f"membership-asked:{row.uuid}:{office.person.uuid}",
                template="partners/membership_asked",
                language=office.person.language,
                person=office.person.uuid,
                context={
                    "name": office.person.get_short_name(),
                    "button_url": absolute_url(reverse("secretariat:requests")),
                },
            )
    return row


def delete_old_requests() -> int:
    """Delete what was never confirmed, and what was declined long enough ago to be asked about; of who became
    a partner the address. Returns how many rows."""
    unconfirmed = MembershipRequest.objects.filter(state=RequestState.UNCONFIRMED)
    declined = MembershipRequest.objects.filter(state=RequestState.DECLINED)
    decided = MembershipRequest.objects.filter(decided_at__lt=anonymise_cutoff()).exclude(
        email="", contact=""
    )
    return (
        delete_in_batches(unconfirmed.filter(asked_at__lt=days_ago(CONFIRMATION_DAYS)))
        + delete_in_batches(declined.filter(decided_at__lt=days_ago(DECLINED_REQUEST_DAYS)))
        + empty_in_batches(decided, email="", contact="")
    )


# --- decide request ---
# Members vouch for a group that asks to join, or no more; the secretariat takes it in or declines.


@transaction.atomic
def vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> Vouch:
    """A representative vouches for the group in the name of their organisation.

    Raises NotAllowed for everyone else, Refused for a request that is decided, or was vouched for by it or by
    the same person for another one: two people are to know the group.
    """
    if not vouching_memberships(by).filter(organisation=organisation).exists():
        raise NotAllowed
    row = _lock_open_request(request)
    if row.vouches.filter(organisation=organisation).exists():
        raise Refused(_("Your organisation vouches for this group already."))
    if row.vouches.filter(person=by).exists():
        raise Refused(
            _("You vouch for this group already, for another organisation: another person vouches here.")
        )
    made = Vouch.objects.create(request=row, organisation=organisation, person=by, at=now())
    _record_request_audit("request.vouched", by, row, organisation)
    return made


@transaction.atomic
def withdraw_vouch(*, by: User, request: MembershipRequest, organisation: Organisation) -> None:
    """A representative takes back that their organisation vouches, as long as nothing is decided.

    Raises NotAllowed for everyone else, Refused for a request that is decided or for which the organisation
    does not vouch.
    """
    if not represents(by, organisation):
        raise NotAllowed
    row = _lock_open_request(request)
    gone, _rows = row.vouches.filter(organisation=organisation).delete()
    if not gone:
        raise Refused(_("Your organisation does not vouch for this group."))
    _record_request_audit("request.vouch_taken_back", by, row, organisation)


@transaction.atomic
def accept_request(*, by: User, request: MembershipRequest, kind: str, listing: str) -> Organisation:
    """Make the group a member, and invite its contact person as first representative.

    Raises NotAllowed but for the secretariat, Refused while fewer than two organisations vouch.
    """
    if not is_secretariat(by):
        raise NotAllowed
    row = _lock_open_request(request)
    if row.vouches.count() < VOUCHES_NEEDED:
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
    invite_person(
        by=by,
        organisation=organisation,
        email=row.email,
        name=row.contact,
        role=MembershipRole.REPRESENTATIVE,
        language=row.language,
    )
    row.organisation = organisation
    _save_request_decision(row, RequestState.ACCEPTED, by)
    _record_request_audit("request.accepted", by, row, organisation)
    return organisation


@transaction.atomic
def decline_request(*, by: User, request: MembershipRequest, words: str) -> MembershipRequest:
    """Say no, with words that the contact person gets by mail. Raises NotAllowed but for the secretariat."""
    if not is_secretariat(by):
        raise NotAllowed
    row = _lock_open_request(request)
    row.answer = words.strip()
    _save_request_decision(row, RequestState.DECLINED, by)
    outbox.queue_mail(
        key=f"membership-declined:{row.uuid}",
        template="partners/membership_declined",
        language=row.language,
        address=row.email,
        context={"name": row.contact, "words": row.answer},
    )
    _record_request_audit("request.declined", by, row)
    return row


def _lock_open_request(request: MembershipRequest) -> MembershipRequest:
    row = MembershipRequest.objects.select_for_update().get(pk=request.pk)
    if row.state != RequestState.OPEN:
        raise Refused(_("This request is decided already."))
    return row


def _save_request_decision(row: MembershipRequest, state: RequestState, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), by
    row.save(update_fields=["state", "decided_at", "decided_by", "answer", "organisation"])


def _record_request_audit(
    action: str, by: User, row: MembershipRequest, organisation: Organisation | None = None
) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="request",
        target=row.uuid,
        organisation=organisation.uuid if organisation else None,
    )
