"""Who may accept a file that came back."""

from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_create, may_edit_text, may_suggest_in
from documents.interchange.models import IncomingFile


def may_import(access: Access, file: IncomingFile) -> bool:
    """Whether the person may accept or discard an uploaded Word file: its uploader, who for a text
    must also edit it."""
    own = file.sent_by_id == access.user.pk and file.organisation_id == access.organisation.pk
    if file.text is None:
        return own and may_create(access)
    draft = file.text.draft
    return may_suggest_in(access, draft) and (own or may_edit_text(access, draft))
