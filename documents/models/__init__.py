from documents.models.approval import Approval, ApprovalRound, Asked, Reading, RoundText
from documents.models.draft import (
    Draft,
    DraftGroupPermission,
    DraftText,
    DraftUserPermission,
    SetAside,
    Version,
)
from documents.models.publication import ChainHead, Publication, PublicationName, PublicationText
from documents.models.stored_file import StoredFile

__all__ = [
    "Approval",
    "ApprovalRound",
    "Asked",
    "ChainHead",
    "Draft",
    "DraftGroupPermission",
    "DraftText",
    "DraftUserPermission",
    "Publication",
    "PublicationName",
    "PublicationText",
    "Reading",
    "RoundText",
    "SetAside",
    "StoredFile",
    "Version",
]
