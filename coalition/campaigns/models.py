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
from coalition.campaigns.helplines.models import (
    FigureAgreement,
    FigureLine,
    FigureMonth,
    FigurePublication,
    Helpline,
    HelplineCheck,
    HelplineEntry,
    HelpMonth,
    OperatorLink,
)
from coalition.campaigns.helplines.uses.models import HelplineUse, StaffingAnswer
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "FigureAgreement",
    "FigureLine",
    "FigureMonth",
    "FigurePublication",
    "HelpMonth",
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
