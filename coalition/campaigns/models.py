from coalition.campaigns.appeals.models import (
    Appeal,
    AppealVersion,
    ContactConsent,
    ContactOffer,
    HandOver,
    Hold,
    HoldDecision,
    PetitionPlan,
    PetitionPledge,
    PetitionStep,
    Support,
    SupportChange,
    SupportTotal,
)
from coalition.campaigns.helplines.models import Helpline, HelplineEntry, OperatorLink
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "ContactOffer",
    "HandOver",
    "Helpline",
    "HelplineEntry",
    "Hold",
    "HoldDecision",
    "OperatorLink",
    "PetitionPlan",
    "PetitionPledge",
    "PetitionStep",
    "ReferralCode",
    "ReferralDay",
    "Support",
    "SupportChange",
    "SupportTotal",
]
