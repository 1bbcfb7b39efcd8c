"""Who may do what with letter actions: named predicates.

| predicate | who |
|---|---|
| may_see_letters | who sees drafts in the workspace |
| may_lead_letters | who may publish: prepare, change, open, close, reopen |
"""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import has_active_right, may_read_draft, require_that

__all__ = ["may_lead_letters", "may_see_letters", "may_use_text_of", "require_that"]


def may_see_letters(access: Access) -> bool:
    """See letter actions of the workspace, with how many letters were declared."""
    return access.may(Right.SEE_DRAFTS)


def may_lead_letters(access: Access) -> bool:
    """Prepare, change, open and close letter actions."""
    return has_active_right(access, Right.PUBLISH)


def may_use_text_of(access: Access, draft: Draft) -> bool:
    """Offer the paragraphs of this draft's published text to the public."""
    return may_lead_letters(access) and may_read_draft(access, draft)
