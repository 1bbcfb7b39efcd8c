from documents.models.agreement import Acceptance, Agreement
from documents.models.approval import Approval, ApprovalRound, Asked, Reading, RoundText
from documents.models.asking import AskingGroup, AskingRow, AskingSetting, SilenceDeclined
from documents.models.attestation import Attestation
from documents.models.carried import CarriedFrom
from documents.models.clearance import Clearance
from documents.models.comment import Comment, LegalReader, Mention, Thread
from documents.models.consent import QuotationConsent
from documents.models.contact import Contact, ContactShare, Outlet, PressStop
from documents.models.draft import (
    Draft,
    DraftGroupPermission,
    DraftText,
    DraftUserPermission,
    Version,
)
from documents.models.embargo import EmbargoAccess, EmbargoFeed, EmbargoUse
from documents.models.exchange import ExportedFile, ImportedAuthor, IncomingFile
from documents.models.fact import Fact, FactEntry, FactUse, FactVersion, FactWords
from documents.models.filling import Filling
from documents.models.glossary import GlossaryChange, GlossaryTerm
from documents.models.guest import GuestLink, GuestUse
from documents.models.history import HistoryDecision, HistoryPart, HistoryPoint
from documents.models.objection import ObjectionLink
from documents.models.one_time_link import OneTimeLink, OneTimeUse
from documents.models.open_letter import Joining, JoiningLogo, OpenLetter
from documents.models.organisation_logo import OrganisationLogo
from documents.models.phone import PhoneCall, PhoneCode
from documents.models.publication import ChainHead, Publication, PublicationName, PublicationText
from documents.models.question import Answer, Question, QuestionAsked
from documents.models.slip import Slip, SlipConfirmation
from documents.models.stored_file import StoredFile

__all__ = [
    "Acceptance",
    "Agreement",
    "Answer",
    "Approval",
    "ApprovalRound",
    "Asked",
    "AskingGroup",
    "AskingRow",
    "AskingSetting",
    "Attestation",
    "CarriedFrom",
    "ChainHead",
    "Clearance",
    "Comment",
    "Contact",
    "ContactShare",
    "Draft",
    "DraftGroupPermission",
    "DraftText",
    "DraftUserPermission",
    "EmbargoAccess",
    "EmbargoFeed",
    "EmbargoUse",
    "ExportedFile",
    "Fact",
    "FactEntry",
    "FactUse",
    "FactVersion",
    "FactWords",
    "Filling",
    "GlossaryChange",
    "GlossaryTerm",
    "GuestLink",
    "GuestUse",
    "HistoryDecision",
    "HistoryPart",
    "HistoryPoint",
    "ImportedAuthor",
    "IncomingFile",
    "Joining",
    "JoiningLogo",
    "LegalReader",
    "Mention",
    "ObjectionLink",
    "OneTimeLink",
    "OneTimeUse",
    "OpenLetter",
    "OrganisationLogo",
    "Outlet",
    "PhoneCall",
    "PhoneCode",
    "PressStop",
    "Publication",
    "PublicationName",
    "PublicationText",
    "Question",
    "QuestionAsked",
    "QuotationConsent",
    "Reading",
    "RoundText",
    "SilenceDeclined",
    "Slip",
    "SlipConfirmation",
    "StoredFile",
    "Thread",
    "Version",
]
