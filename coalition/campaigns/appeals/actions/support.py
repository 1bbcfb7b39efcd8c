"""Somebody wants to support an appeal: what they typed is stored, and a mail asks for the proof.

Each asking is a row of its own with a link of its own, so that nobody changes what another one typed, and
nothing is looked up that could tell the asker whether a mailbox is new, unconfirmed, counted, held or set
aside: the same statements run with the same values, one mail is queued, and the answer is the same. Which
mail it is depends on whether the mailbox is counted; if it is, the row goes once the mail has left
(`mail_funnel.note_mail_end`).
"""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _, override

from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.applicants.flow import queue_applicant_mail
from coalition.applicants.forms import owner_print, owner_prints
from coalition.campaigns.appeals.enums import MailState
from coalition.campaigns.appeals.flow import PROVED, SUPPORT
from coalition.campaigns.appeals.mail_funnel import provider_of
from coalition.campaigns.appeals.mail_limits import may_be_mailed
from coalition.campaigns.appeals.models import AppealVersion, Support
from coalition.campaigns.appeals.public_queries import newest_version_at
from coalition.campaigns.appeals.refusals import refuse_closed
from coalition.campaigns.appeals.signals import record_signal
from coalition.campaigns.referrals.queries import creditable_code
from coalition.core.clock import freeze_clock, now

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


def ask_to_support(*, slug: str, version: str, asking: SupportAsking) -> None:
    """Store what was typed and queue one mail: to confirm it, or, if the mailbox is counted already, with the
    link of that support.

    `slug`: the appeal's address; `version`: UUID of the version that the person read. Raises Refused if there
    is no such appeal, if it takes no support or has another text by now.
    """
    with freeze_clock(), transaction.atomic():
        current = refuse_closed(newest_version_at(slug), version)
        if current.frozen_at is None:
            AppealVersion.objects.filter(pk=current.pk, frozen_at=None).update(frozen_at=now())
        row = _typed(current, asking)
        row.mail_state = "" if may_be_mailed(current.appeal, asking.address) else MailState.LIMITED
        row.save(force_insert=True)
        proved = _proved_row(current, asking.address)
        about = row if proved is None else proved
        about.language = asking.language  # that of this mail: nothing of a counted row is saved here
        record_signal(support=about, address=asking.address, name=asking.name, place=asking.place)
        queue_applicant_mail(
            SUPPORT,
            about,
            template=SUPPORT.mail_template if proved is None else COUNTED_TEMPLATE,
            number=str(row.uuid),
            address=asking.address,
        )


def contact_words(organisation: Organisation, language: str) -> str:
    """Return the sentence beside the tick, which is kept with the consent."""
    with override(language):
        return _("%(organisation)s may write to me about this appeal and what follows from it.") % {
            "organisation": display_name_for(PUBLIC, organisation)
        }


def _typed(version: AppealVersion, asking: SupportAsking) -> Support:
    needs_name = asking.is_listed or asking.in_hand_over
    return SUPPORT.new(
        address=asking.address,
        owner_print=owner_print(asking.address),
        provider=provider_of(asking.address),
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
        referral=creditable_code(asking.code, version.appeal.uuid),
    )


def _proved_row(version: AppealVersion, address: str) -> Support | None:
    """The confirmed support of whoever surely owns this address."""
    rows = Support.objects.filter(version=version, owner_print__in=owner_prints(address), state__in=PROVED)
    row = rows.defer("address", "name").first()  # what is sealed would take time that tells something
    if row is not None:
        row.version = version  # with its title
    return row
