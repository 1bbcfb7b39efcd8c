"""What a supporter does by the link in the mail: confirm, change, end a consent, withdraw, stop mails."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.applicants.forms import mailbox_prints, owner_prints
from coalition.campaigns.appeals.contact_addresses import erase_addresses_without_consent
from coalition.campaigns.appeals.counting import change_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import PROVED
from coalition.campaigns.appeals.hand_over_names import delete_files_with
from coalition.campaigns.appeals.mail_funnel import add_mail_counts, delete_askings, forget_mails_of
from coalition.campaigns.appeals.mail_limits import forget_mails_to, stop_mails_to
from coalition.campaigns.appeals.models import ContactConsent, Support, SupportSignal
from coalition.campaigns.appeals.public_queries import newest_version, offered_organisations
from coalition.campaigns.appeals.refusals import refuse_closed
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token

STATES_BY_HOLD = {
    HoldState.WAITING: SupportState.HELD,
    HoldState.RELEASED: SupportState.COUNTED,
    HoldState.SET_ASIDE: SupportState.SET_ASIDE,
}


class NoSuchSupport(Refused):
    """Nothing is behind the link any more."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing behind this link any more."))


class CountedAlready(Refused):
    """The mailbox is counted, with another spelling of its address."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This mailbox is counted already, with another spelling of its address, and one mailbox "
                "counts once. The link in the first mail takes that support back."
            )
        )


@dataclass(frozen=True)
class SupportChoices:
    """What a supporter lets us do with their name."""

    name: str = ""
    is_listed: bool = False
    in_hand_over: bool = False


def confirm_support(*, token: str) -> Support:
    """Count the support, or hold it if it is suspect, which nobody is told. Pressing again changes nothing.

    The address is erased in the same transaction unless it is still needed: to write to who agreed to it, or
    until people have looked at a hold. So is everything else that was asked with this address and not
    confirmed. Returns the support that counts: another one if the same owner confirmed that meanwhile. Raises
    NoSuchSupport, CountedAlready, and Refused if the appeal takes no support, has another text by now, or the
    support was withdrawn.
    """
    with transaction.atomic():
        row, others = _locked_with_mailbox(token)
        if row.state == SupportState.WITHDRAWN:
            raise Refused(_("This support was withdrawn. Ask for a new link on the page of the appeal."))
        if row.state != SupportState.UNCONFIRMED:
            return row
        owners = owner_prints(row.address)
        own = [one for one in others if one.owner_print in owners]
        if (proved := next((one for one in others if one.state in PROVED), None)) is not None:
            if proved not in own:
                raise CountedAlready
            delete_askings([row])
            return proved
        refuse_closed(newest_version(row.appeal_id), row.version_id)
        _count(row)
        delete_askings(own)
    return row


def _count(row: Support) -> None:
    add_mail_counts([row], is_confirmed=True)
    row.state = STATES_BY_HOLD[HoldState(row.hold.state)] if row.hold else SupportState.COUNTED
    has_consents = _make_consents(row)
    row.contact_choices = []
    row.provider = row.mail_state = ""
    if row.state == SupportState.COUNTED:
        change_of(row, 1).save()
        if not has_consents:
            row.address = ""
    row.save(update_fields=["state", "contact_choices", "address", "provider", "mail_state"])
    forget_mails_of([row])


def stop_mails(*, token: str) -> None:
    """Delete everything that was asked with this address and not confirmed, and write to it no more about the
    appeal, ever. Only a print of the address is kept for that. Raises NoSuchSupport, also for a support that
    was confirmed."""
    with transaction.atomic():
        row, others = _locked_with_mailbox(token)
        if row.state != SupportState.UNCONFIRMED:
            raise NoSuchSupport
        stop_mails_to(row.appeal, row.address)
        owners = owner_prints(row.address)
        delete_askings([row, *(one for one in others if one.owner_print in owners)])


def change_choices(*, token: str, choices: SupportChoices) -> Support:
    """Change whether the name is shown or handed over; without a tick there is none. Raises NoSuchSupport,
    and Refused for a tick without a name or a support that was withdrawn."""
    with transaction.atomic():
        row = _locked(token)
        if row.state == SupportState.WITHDRAWN:
            raise NoSuchSupport
        needs_name = choices.is_listed or choices.in_hand_over
        if needs_name and not choices.name.strip():
            raise Refused(_("Write your name: it is needed for what you ticked."))
        name = choices.name.strip() if needs_name else ""
        if name != row.name or not choices.in_hand_over:
            delete_files_with(row)
        row.name = name
        row.is_listed, row.in_hand_over = choices.is_listed, choices.in_hand_over
        row.save(update_fields=["name", "is_listed", "in_hand_over"])
    return row


def end_contact(*, token: str, organisation: UUID) -> Support:
    """End one organisation's consent to write; with the last one the address is erased. Raises
    NoSuchSupport."""
    with transaction.atomic():
        row = _locked(token)
        consents = row.contact_consents.filter(ended_on=None)
        consents.filter(organisation__uuid=organisation).update(ended_on=localdate(now()))
        # Held ones keep theirs until somebody has decided.
        erase_addresses_without_consent(Support.objects.filter(pk=row.pk, state=SupportState.COUNTED))
    return row


def withdraw_support(*, token: str) -> Support | None:
    """Take a support back, at any time. Nothing of the person stays but a row without a name that says it was
    withdrawn; of one that was never confirmed nothing at all (None). Raises NoSuchSupport."""
    with transaction.atomic():
        row = _locked(token)
        if row.state == SupportState.WITHDRAWN:
            return row
        if row.state == SupportState.UNCONFIRMED:
            delete_askings([row])
            return None
        if row.state == SupportState.COUNTED:
            change_of(row, -1).save()
        row.contact_consents.all().delete()
        forget_mails_to(row)
        SupportSignal.objects.filter(support=row).update(support=None)
        delete_files_with(row)
        _empty(row)
    return row


def _empty(row: Support) -> None:
    row.state = SupportState.WITHDRAWN
    row.address = row.address_print = row.owner_print = row.name = ""
    row.is_listed = row.in_hand_over = row.is_name_hidden = False
    row.contact_choices = []
    row.referral = row.hold = None
    row.save()


def _make_consents(row: Support) -> bool:
    """Make consents of what was ticked. Returns whether there are any: an organisation that offers it no
    more has none."""
    words = {choice["organisation"]: choice["words"] for choice in row.contact_choices}
    if not words:
        return False
    organisations = [one for one in offered_organisations(row.appeal) if str(one.uuid) in words]
    day = localdate(now())
    made = ContactConsent.objects.bulk_create(
        [
            ContactConsent(support=row, organisation=one, words=words[str(one.uuid)], day=day)
            for one in organisations
        ]
    )
    return bool(made)


def _locked(token: str) -> Support:
    """The row behind the link, locked until the transaction ends. Raises NoSuchSupport.

    Without the tables that it points to: a row for which the lock waited is read anew, what was joined to it
    is not, and a hold that it came under meanwhile would be missed.
    """
    row = Support.objects.select_for_update().filter(token_hash=hash_token(token)).first()
    if row is None:
        raise NoSuchSupport
    return row


def _locked_with_mailbox(token: str) -> tuple[Support, list[Support]]:
    """The row behind the link and the others of its mailbox, locked in one order. Raises NoSuchSupport.

    Of a row that is confirmed or withdrawn already, the row alone.
    """
    rows_of_link = Support.objects.filter(token_hash=hash_token(token))
    found = rows_of_link.only("state", "version", "address").first()
    if found is None:
        raise NoSuchSupport
    wanted = Q(pk=found.pk)
    if found.state == SupportState.UNCONFIRMED and found.address:  # erased by a press at the same moment
        wanted |= Q(version=found.version_id, address_print__in=mailbox_prints(found.address))
    rows = {row.pk: row for row in Support.objects.select_for_update().filter(wanted).order_by("pk")}
    row = rows.pop(found.pk, None)
    if row is None:  # deleted meanwhile, as another link of the same mailbox was confirmed
        raise NoSuchSupport
    return row, list(rows.values())
