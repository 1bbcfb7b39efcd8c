"""Writing a text whole: seeding, templates, tests. People type into the live document instead."""

from django.db import transaction

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import Words, as_it_stands
from documents.drafts.live.server_edits import edit_text, with_words
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_edit_text, require_that


def save_text(
    *, access: Access, text: DraftText, title: str, lead: str, body: dict[str, object]
) -> DraftText:
    """Make title, lead and the editor's body the words of the text, and return it as it stands then.

    Blocks that say the same already keep their comments and suggestions. Raises NotAllowed without the
    right to edit, Refused (with the reason in words) if the body holds what no text may hold.
    """
    words: Words = {"title": title.strip(), "lead": lead.strip(), "body": body}
    check_words(text=text, words=words)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        return edit_text(
            text=text,
            author=access.user,
            organisation=access.organisation,
            change=lambda marked: with_words(marked, words),
        )


def check_words(*, text: DraftText, words: Words) -> None:
    """Raise Refused with the reason in words if no text may hold this."""
    try:
        as_it_stands(draft=text.draft, language=text.language, words=words)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error
