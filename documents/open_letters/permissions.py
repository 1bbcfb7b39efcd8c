"""Who may open a public text for joining."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import may_read_draft, works_here


def may_lead_letter(access: Access, draft: Draft) -> bool:
    """Open a public text for joining from outside, look at who joins, close it."""
    return works_here(access, Right.PUBLISH) and may_read_draft(access, draft)
