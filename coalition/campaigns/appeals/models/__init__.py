from coalition.campaigns.appeals.models.appeal import Appeal, AppealVersion
from coalition.campaigns.appeals.models.support import (
    ContactConsent,
    Hold,
    HoldDecision,
    PlaceKey,
    Support,
    SupportChange,
    SupportSignal,
    SupportTotal,
)

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "Hold",
    "HoldDecision",
    "PlaceKey",
    "Support",
    "SupportChange",
    "SupportSignal",
    "SupportTotal",
]
