"""Replace a whole text: for seeding, templates, tests. People edit the live document instead."""

from django.db import transaction

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import TextContent, document_as_written
from documents.drafts.live.server_edits import edit_text, replace_content
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_edit_text, require_that


def save_text(
    *, access: Access, text: DraftText, title: str, lead: str, body: dict[str, object]
) -> DraftText:
    """Replace title, lead and body of the text, and return the text as saved.

    Unchanged blocks keep their comments and suggestions. Raises NotAllowed without the right to
    edit, Refused (with the reason) if the body has invalid content.
    """
    words: TextContent = {"title": title.strip(), "lead": lead.strip(), "body": body}
    check_text_content(text=text, words=words)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        return edit_text(
            text=text,
            author=access.user,
            organisation=access.organisation,
            change=lambda marked: replace_content(marked, words),
        )


def check_text_content(*, text: DraftText, words: TextContent) -> None:
    """Raise Refused with the reason if the content is invalid."""
    try:
        document_as_written(draft=text.draft, language=text.language, words=words)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error
