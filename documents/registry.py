"""The capabilities of documents, in the order in which the dashboard shows what they bring."""

from documents.agreement.capability import AGREEMENT
from documents.approval.capability import APPROVAL
from documents.capability import Capability, register_document_capability
from documents.checklist.capability import CHECKLIST
from documents.comments.capability import COMMENTS
from documents.drafts.capability import DRAFTS
from documents.editor.capability import EDITOR
from documents.facts.capability import FACTS
from documents.files.capability import FILES
from documents.gaps.capability import GAPS
from documents.glossary.capability import GLOSSARY
from documents.guests.capability import GUESTS_OF_DRAFTS
from documents.history.capability import HISTORY
from documents.interchange.capability import INTERCHANGE
from documents.legal_review.capability import LEGAL_REVIEW
from documents.open_letters.capability import OPEN_LETTERS
from documents.publication.capability import EMBARGO, PUBLICATION, VERIFICATION
from documents.quotations.capability import QUOTATIONS
from documents.resolutions.capability import RESOLUTIONS

CAPABILITIES: tuple[Capability, ...] = (
    DRAFTS,
    FILES,
    HISTORY,
    COMMENTS,
    GLOSSARY,
    CHECKLIST,
    LEGAL_REVIEW,
    APPROVAL,
    QUOTATIONS,
    GAPS,
    PUBLICATION,
    EMBARGO,
    VERIFICATION,
    INTERCHANGE,
    GUESTS_OF_DRAFTS,
    RESOLUTIONS,
    OPEN_LETTERS,
    AGREEMENT,
    FACTS,
    EDITOR,
)


def register_documents() -> None:
    """Hand each of them over. Called once, from `AppConfig.ready()`."""
    for capability in CAPABILITIES:
        register_document_capability(capability)
