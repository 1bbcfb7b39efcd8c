from coalition.campaigns.appeals.models.appeal import Appeal, AppealVersion
from coalition.campaigns.appeals.models.support import (
    ContactConsent,
    Hold,
    HoldDecision,
    Support,
    SupportChange,
    SupportTotal,
)

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "Hold",
    "HoldDecision",
    "Support",
    "SupportChange",
    "SupportTotal",
]
