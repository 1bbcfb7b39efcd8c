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
    PlaceKey,
    Support,
    SupportChange,
    SupportMailCount,
    SupportMailLimit,
    SupportSignal,
    SupportTotal,
)
from coalition.campaigns.asks.models import Ask, AskStep
from coalition.campaigns.counters.models import CountOfDay
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
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.models import Table, TableCode, TableDevice, TableGuidance
from coalition.campaigns.in_person.sheets.models import PaperSheet, SheetRun
from coalition.campaigns.letters.board.models import Answer, AnswerTerm, OfficialLetter, Stance
from coalition.campaigns.letters.models import LetterAction, LetterDay
from coalition.campaigns.postcards.ledger.models import (
    CardCount,
    CardDelivery,
    CardMove,
    CardPacket,
    CardTally,
)
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.models import Body, Target, TargetImport
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay
from coalition.campaigns.regional_plan.models import Commitment, RegionalPlan
from coalition.campaigns.screenings.models import ErasedScreenings, ScreeningRequest

__all__ = [
    "Answer",
    "AnswerTerm",
    "Appeal",
    "AppealVersion",
    "Ask",
    "AskStep",
    "Batch",
    "Body",
    "CardCount",
    "CardDelivery",
    "CardDesign",
    "CardMove",
    "CardPacket",
    "CardTally",
    "Commitment",
    "ContactConsent",
    "ContactOffer",
    "CountOfDay",
    "ErasedScreenings",
    "FigureAgreement",
    "FigureLine",
    "FigureMonth",
    "FigurePublication",
    "HandOver",
    "HelpMonth",
    "Helpline",
    "HelplineCheck",
    "HelplineEntry",
    "HelplineUse",
    "Hold",
    "HoldDecision",
    "LetterAction",
    "LetterDay",
    "OfficialLetter",
    "OperatorLink",
    "PaperSheet",
    "PetitionPlan",
    "PetitionPledge",
    "PetitionStep",
    "PlaceKey",
    "ReferralCode",
    "ReferralDay",
    "RegionalPlan",
    "ScreeningRequest",
    "SheetRun",
    "StaffingAnswer",
    "Stance",
    "Support",
    "SupportChange",
    "SupportMailCount",
    "SupportMailLimit",
    "SupportSignal",
    "SupportTotal",
    "Table",
    "TableCode",
    "TableDevice",
    "TableGuidance",
    "Tally",
    "TallyCount",
    "Target",
    "TargetImport",
]
