"""All models of documents, for Django and for importing from one place."""

from documents.agreement.models import Acceptance, Agreement
from documents.approval.models import (
    Approval,
    ApprovalRound,
    Asked,
    AskingGroup,
    AskingRow,
    AskingSetting,
    Attestation,
    CarriedFrom,
    ObjectionLink,
    OneTimeLink,
    OneTimeUse,
    PhoneCall,
    PhoneCode,
    Reading,
    RoundText,
    SilenceDeclined,
    Slip,
    SlipConfirmation,
)
from documents.comments.models import Comment, LegalReader, Mention, Thread
from documents.contacts.models import Contact, ContactShare, Outlet, PressStop
from documents.drafts.models import Draft, DraftGroupPermission, DraftText, DraftUserPermission, Version
from documents.facts.models import Fact, FactEntry, FactUse, FactVersion, FactWords
from documents.files.models import StoredFile
from documents.gaps.models import Filling
from documents.glossary.models import GlossaryChange, GlossaryTerm
from documents.guests.models import GuestLink, GuestUse
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.legal_review.models import Clearance
from documents.open_letters.models import Joining, JoiningLogo, OpenLetter
from documents.publication.models import (
    ChainHead,
    EmbargoAccess,
    EmbargoFeed,
    EmbargoUse,
    OrganisationLogo,
    Publication,
    PublicationCheck,
    PublicationName,
    PublicationText,
    TakenOff,
)
from documents.quotations.models import QuotationConsent
from documents.resolutions.models import Answer, Question, QuestionAsked
