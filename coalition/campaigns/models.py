from coalition.campaigns.appeals.models import (
    Appeal,
    AppealVersion,
    ContactConsent,
    ContactOffer,
    HandOver,
    Hold,
    HoldDecision,
    PlaceKey,
    Support,
    SupportChange,
    SupportSignal,
    SupportTotal,
)
from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry, OperatorLink
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "ContactOffer",
    "HandOver",
    "Helpline",
    "HelplineCheck",
    "HelplineEntry",
    "Hold",
    "HoldDecision",
    "OperatorLink",
    "PlaceKey",
    "ReferralCode",
    "ReferralDay",
    "Support",
    "SupportChange",
    "SupportSignal",
    "SupportTotal",
]
