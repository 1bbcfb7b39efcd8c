"""What a supporter does by the link in the mail: confirm, change, end a consent, withdraw."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.actions.support import mail_keys
from coalition.campaigns.appeals.contact_addresses import erase_addresses_without_consent
from coalition.campaigns.appeals.counting import change_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.hand_over_names import delete_files_with
from coalition.campaigns.appeals.models import ContactConsent, Support, SupportSignal
from coalition.campaigns.appeals.public_queries import newest_version, offered_organisations
from coalition.campaigns.appeals.refusals import refuse_closed
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox

STATES_BY_HOLD = {
    HoldState.WAITING: SupportState.HELD,
    HoldState.RELEASED: SupportState.COUNTED,
    HoldState.SET_ASIDE: SupportState.SET_ASIDE,
}


class NoSuchSupport(Refused):
    """Nothing is behind the link any more."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing behind this link any more."))


@dataclass(frozen=True)
class SupportChoices:
    """What a supporter lets us do with their name."""

    name: str = ""
    is_listed: bool = False
    in_hand_over: bool = False


def confirm_support(*, token: str) -> Support:
    """Count the support, or hold it if it is suspect, which nobody is told. Pressing again changes nothing.

    The address is erased in the same transaction unless it is still needed: to write to who agreed to it, or
    until people have looked at a hold. Raises NoSuchSupport, and Refused if the appeal takes no support, has
    other words by now, or the support was withdrawn.
    """
    with transaction.atomic():
        row = _locked(token)
        if row.state == SupportState.WITHDRAWN:
            raise Refused(_("This support was withdrawn. Ask for a new link on the page of the appeal."))
        if row.state != SupportState.UNCONFIRMED:
            return row
        refuse_closed(newest_version(row.appeal_id), row.version)
        row.state = STATES_BY_HOLD[HoldState(row.hold.state)] if row.hold else SupportState.COUNTED
        has_consents = _make_consents(row)
        row.contact_choices = []
        if row.state == SupportState.COUNTED:
            change_of(row, 1).save()
            if not has_consents:
                row.address = ""
        row.save(update_fields=["state", "contact_choices", "address"])
        outbox.forget_keys(mail_keys(row.uuid))
    return row


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
        outbox.forget_keys(mail_keys(row.uuid))
        if row.state == SupportState.UNCONFIRMED:
            row.delete()
            return None
        if row.state == SupportState.COUNTED:
            change_of(row, -1).save()
        row.contact_consents.all().delete()
        SupportSignal.objects.filter(support=row).update(support=None)
        delete_files_with(row)
        _empty(row)
    return row


def _empty(row: Support) -> None:
    row.state = SupportState.WITHDRAWN
    row.address = row.address_print = row.name = row.provider = row.mail_state = ""
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
    """The row behind the link, locked until the transaction ends. Raises NoSuchSupport."""
    rows = Support.objects.select_for_update(of=("self",)).select_related("version", "appeal", "hold")
    row = rows.filter(token_hash=hash_token(token)).first()
    if row is None:
        raise NoSuchSupport
    return row
