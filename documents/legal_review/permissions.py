"""Who names the lawyers of a draft."""

from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import may_read_draft, works_here


def may_name_legal_reader(access: Access, draft: Draft) -> bool:
    """Say which member reads a draft as its lawyer."""
    return draft.archived_at is None and works_here(access, Right.MANAGE) and may_read_draft(access, draft)
