"""A group asks to become a member, and confirms by mail that the address is its own."""

import datetime
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.enums import Language, OfficeKind, RequestState
from coalition.accounts.models import MembershipRequest
from coalition.accounts.queries import active_offices
from coalition.accounts.request_queries import request_of_token
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete, empty, long_ago
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute

DAYS = 7  # an unconfirmed request is kept
DECLINED_DAYS = 90
HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 60  # of the whole coalition: more is not groups that ask
MOST_OF_AN_ADDRESS = 3  # a day


@dataclass(frozen=True)
class Asking:
    """What a group says of itself."""

    name: str
    region: str
    why: str
    contact: str
    email: str
    language: Language


def request_membership(asking: Asking) -> MembershipRequest | None:
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
            link = absolute(reverse("membership_confirm", args=[token]))
        outbox.queue(
            key=f"membership:{row.uuid}",
            template="partners/membership_confirm",
            language=asking.language,
            address=row.email,
            context={"name": row.contact, "button_url": link, "days": DAYS},
        )
    return row


def confirm_request(*, token: str) -> MembershipRequest:
    """The address is proved: the request is open, representatives may vouch, the secretariat is told.

    Raises Refused for a link that confirms nothing (any more).
    """
    with transaction.atomic():
        found = request_of_token(hash_token(token))
        if found is None:
            raise Refused(_("This link confirms nothing any more."))
        row = MembershipRequest.objects.select_for_update().get(pk=found.pk)
        if row.state != RequestState.UNCONFIRMED:
            raise Refused(_("This link confirms nothing any more."))
        row.state, row.confirmed_at = RequestState.OPEN, now()
        row.save(update_fields=["state", "confirmed_at"])
        audit.record("request.confirmed", actor=None, target_kind="request", target=row.uuid)
        for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
            outbox.queue(
                key=f"membership-asked:{row.uuid}:{office.person.uuid}",
                template="partners/membership_asked",
                language=office.person.language,
                person=office.person.uuid,
                context={
                    "name": office.person.get_short_name(),
                    "button_url": absolute(reverse("secretariat:requests")),
                },
            )
    return row


def forget_requests() -> int:
    """Delete what was never confirmed, and what was declined long enough ago to be asked about; of who became
    a partner the address. Returns how many rows."""
    unconfirmed = MembershipRequest.objects.filter(state=RequestState.UNCONFIRMED)
    declined = MembershipRequest.objects.filter(state=RequestState.DECLINED)
    decided = MembershipRequest.objects.filter(decided_at__lt=long_ago()).exclude(email="", contact="")
    return (
        delete(unconfirmed.filter(asked_at__lt=days_ago(DAYS)))
        + delete(declined.filter(decided_at__lt=days_ago(DECLINED_DAYS)))
        + empty(decided, email="", contact="")
    )
