from coalition.campaigns.appeals.models.appeal import Appeal, AppealVersion
from coalition.campaigns.appeals.models.contact_offer import ContactOffer
from coalition.campaigns.appeals.models.hand_over import HandOver
from coalition.campaigns.appeals.models.petition_plan import PetitionPlan, PetitionPledge, PetitionStep
from coalition.campaigns.appeals.models.support import (
    ContactConsent,
    Hold,
    HoldDecision,
    PlaceKey,
    Support,
    SupportChange,
    SupportMailCount,
    SupportMailLimit,
    SupportSignal,
    SupportTotal,
)

__all__ = [
    "Appeal",
    "AppealVersion",
    "ContactConsent",
    "ContactOffer",
    "HandOver",
    "Hold",
    "HoldDecision",
    "PetitionPlan",
    "PetitionPledge",
    "PetitionStep",
    "PlaceKey",
    "Support",
    "SupportChange",
    "SupportMailCount",
    "SupportMailLimit",
    "SupportSignal",
    "SupportTotal",
]
