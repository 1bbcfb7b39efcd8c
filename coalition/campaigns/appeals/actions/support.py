"""Somebody wants to support an appeal: what they typed is stored, and a mail asks for the proof.

Whoever asks learns nothing about the mailbox: whether it is new, unconfirmed, counted, held or set aside, the
same statements run, one mail is queued, and the answer is the same.
"""

import datetime
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.mail_funnel import MAIL_KEY
from coalition.campaigns.appeals.models import AppealVersion, Support
from coalition.campaigns.appeals.public_queries import newest_version
from coalition.campaigns.appeals.refusals import refuse_closed
from coalition.campaigns.appeals.signals import record_signal
from coalition.campaigns.referrals.queries import creditable_code
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox

MOST_KEYS: Final = 6  # a day and supporter: mails after the first LINKS_A_DAY are queued and never leave
DAYS_OF_KEYS: Final = 31  # somebody may ask again and again before they confirm
COUNTED_TEMPLATE: Final = "campaigns/support_counted"


@dataclass(frozen=True)
class SupportAsking:
    """What somebody typed. `contact`: the organisations that may write to them, of those that are offered;
    `place`: the network (`signals.place_of`); `code`: a referral code, also one that is none."""

    address: str
    region: str
    language: str
    name: str = ""
    is_listed: bool = False
    in_hand_over: bool = False
    contact: tuple[Organisation, ...] = ()
    place: str = ""
    code: str = ""


def ask_to_support(*, version: AppealVersion, asking: SupportAsking) -> None:
    """Store what was typed and queue one mail: to confirm, or, if the mailbox is counted already, with the
    link of that support.

    Who asks again before confirming replaces what they typed; after it nothing changes. Raises Refused if the
    appeal takes no support or has other words by now. `version` comes from `public_appeal`.
    """
    with transaction.atomic():
        current = newest_version(version.appeal_id)
        refuse_closed(current, version)
        if version.frozen_at is None:
            AppealVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now())
        typed = _typed(version, asking)
        row = _row_of_mailbox(typed)
        is_open = row.state == SupportState.UNCONFIRMED
        if is_open and row.uuid != typed.uuid:
            _replace(row, typed)
        else:
            row.save(update_fields=["day"])
        record_signal(support=row, address=asking.address, name=asking.name, place=asking.place)
        _queue_mail(row, version, asking.address, asking.language)


def contact_words(organisation: Organisation, language: str) -> str:
    """Return the sentence beside the tick, which is kept with the consent."""
    with override(language):
        return _("%(organisation)s may write to me about this appeal and what follows from it.") % {
            "organisation": display_name_for(PUBLIC, organisation)
        }


def mail_keys(support: UUID, days: int = DAYS_OF_KEYS) -> list[str]:
    """Return every key under which a mail to this supporter can have been queued within so many days."""
    today = now().date()
    return [
        f"{MAIL_KEY}:{support}:{today - datetime.timedelta(days=ago)}:{number}"
        for ago in range(days)
        for number in range(MOST_KEYS)
    ]


def _typed(version: AppealVersion, asking: SupportAsking) -> Support:
    needs_name = asking.is_listed or asking.in_hand_over
    code = creditable_code(asking.code, version.appeal.uuid)
    return SUPPORT.new(
        address=asking.address,
        language=asking.language,
        appeal=version.appeal,
        version=version,
        region=asking.region,
        name=asking.name if needs_name else "",
        is_listed=asking.is_listed,
        in_hand_over=asking.in_hand_over,
        contact_choices=[
            {"organisation": str(one.uuid), "words": contact_words(one, asking.language)}
            for one in asking.contact
        ],
        referral=code,
    )


def _row_of_mailbox(typed: Support) -> Support:
    """Return the row of the mailbox, locked: this one unless it has one. The same statements in any case."""
    same = Support.objects.select_for_update().filter(
        version=typed.version, address_print=typed.address_print
    )
    for _attempt in range(2):  # somebody may delete theirs between the two statements
        Support.objects.bulk_create([typed], ignore_conflicts=True)
        if (row := same.first()) is not None:
            return row
    raise Refused(_("This did not work just now. Press the button once more."))


def _replace(row: Support, typed: Support) -> None:
    """What was typed last counts; the link in the earlier mail leads to it too."""
    fields = ["language", "region", "name", "is_listed", "in_hand_over", "contact_choices", "referral"]
    for name in fields:
        setattr(row, name, getattr(typed, name))
    row.day = localdate(now())
    row.save(update_fields=[*fields, "day"])


def _queue_mail(row: Support, version: AppealVersion, address: str, language: str) -> None:
    keys = mail_keys(row.uuid, days=1)
    used = outbox.known_keys(keys)
    key = next((one for one in keys if one not in used), keys[-1])
    is_open = row.state == SupportState.UNCONFIRMED
    with override(language):
        title = version.publication.title
    outbox.queue(
        key=key,
        template=SUPPORT.mail_template if is_open else COUNTED_TEMPLATE,
        language=language,
        address=address,
        context={"title": title, "button_url": SUPPORT.link(row, language)},
    )
