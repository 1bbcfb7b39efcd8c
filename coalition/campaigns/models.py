from coalition.campaigns.appeals.models import (
    Appeal,
    AppealVersion,
    ContactConsent,
    Hold,
    HoldDecision,
    Support,
    SupportChange,
    SupportTotal,
)
from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry, OperatorLink
from coalition.campaigns.helplines.uses.models import HelplineUse, StaffingAnswer
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "Helpline",
    "HelplineCheck",
    "HelplineEntry",
    "HelplineUse",
    "Hold",
    "HoldDecision",
    "OperatorLink",
    "ReferralCode",
    "ReferralDay",
    "StaffingAnswer",
    "Support",
    "SupportChange",
    "SupportTotal",
]
