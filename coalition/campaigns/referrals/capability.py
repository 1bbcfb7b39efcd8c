"""What referrals hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.referrals.openings import CODE_KIND, code_leads_to, count_opening
from coalition.campaigns.referrals.presenters import codes_summary
from coalition.roles import Right
from coalition.workspaces.capability import Capability
from events.core import printed_codes


def _connect() -> None:
    printed_codes.register_code_kind(CODE_KIND, code_leads_to, opened=count_opening)
    register_section(
        "referrals",
        title=_("Referral codes"),
        url_name="campaigns:referral_codes",
        summary=codes_summary,
        right=Right.SEE_DRAFTS,
        order=20,
    )


REFERRALS = Capability(
    name="referrals",
    urls="coalition.campaigns.referrals.urls",
    audit_actions={
        "referral.made": _("Referral code made"),
        "referral.made_for_all": _("Referral codes made for all organisations"),
        "referral.made_for_batches": _("Referral codes made for printed batches"),
        "referral.ended": _("Referral code ended"),
        "referral.resumed": _("Referral code brought back"),
    },
    connect=_connect,
)
