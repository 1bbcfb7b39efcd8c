"""Who may accept a file that came back."""

from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_create, may_edit_text, may_suggest_in
from documents.interchange.models import IncomingFile


def may_take_in(access: Access, file: IncomingFile) -> bool:
    """Decide on a Word file that was sent, or discard it: who sent it, and for a text also who edits it."""
    own = file.sent_by_id == access.user.pk and file.organisation_id == access.organisation.pk
    if file.text is None:
        return own and may_create(access)
    draft = file.text.draft
    return may_suggest_in(access, draft) and (own or may_edit_text(access, draft))
