"""Who may open a public text for joining."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import has_active_right, may_read_draft


def may_lead_letter(access: Access, draft: Draft) -> bool:
    """Whether the person may open a public text for outside signatories, see them, and close it."""
    return has_active_right(access, Right.PUBLISH) and may_read_draft(access, draft)
