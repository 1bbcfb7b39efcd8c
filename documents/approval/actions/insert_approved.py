"""Taking words that others approved into a text, whole: an approved block.

The server puts it in, so that its words are those of its version. Browsers move it and take it out; what
else they do to it is refused (`live.checking`), and no version is named with other words in it.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.queries.approved_texts import approved_words
from documents.canonical.editor import to_editor
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.editor.live.approved_blocks import APPROVED_BLOCK, approved_blocks, key_of
from documents.editor.live.marks import INSERTION, suggestion_id
from documents.editor.live.server_edits import edit_text
from documents.editor.live.shape import HEADS, Json, normal
from documents.history.actions import document_of


def put_in_approved(
    *, access: Access, text: DraftText, version: UUID, place: int, suggests: bool = False
) -> DraftText:
    """Put the words of a version into the text, before the block at `place` of the marked text (title and
    lead are 0 and 1), and return the text as it stands then.

    As a suggestion if the person `suggests`, or may do nothing else. Raises NotAllowed without that right,
    Refused if the version is none that this text may take over.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        found = approved_words(access.user, draft, text.language).filter(uuid=version).first()
        if found is None:
            raise Refused(_("These words cannot be taken over here any more. Choose others."))
        block = block_of(found)
        if suggests or not edits:
            identity = suggestion_id(
                person=access.user.uuid, organisation=access.organisation.uuid, at=now(), counter=1
            )
            block["marks"] = [{"type": INSERTION, "attrs": {"id": identity}}]

        def change(marked: Json) -> Json:
            at = max(len(HEADS), min(place, len(marked["content"])))
            return {**marked, "content": [*marked["content"][:at], block, *marked["content"][at:]]}

        return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def block_of(version: Version) -> Json:
    """The editor's node with the words of a version, by value."""
    content = to_editor(document_of(version))["content"]
    attrs = {"version": str(version.uuid), "hash": version.hash}
    return normal({"type": APPROVED_BLOCK, "attrs": attrs, "content": content})


def refuse_other_words(text: DraftText) -> None:
    """Raise Refused if an approved block of the text does not say what its version says. Asks the database
    only if there is one."""
    blocks = list(approved_blocks({"type": "doc", **(text.body or {})}))
    if not blocks:
        return
    named = (_uuid((block.get("attrs") or {}).get("version")) for block in blocks)
    wanted = {version for version in named if version is not None}
    versions = Version.objects.filter(uuid__in=wanted, language=text.language)
    known = {key_of(block_of(version)) for version in versions}
    if any(key_of(block) not in known for block in blocks):
        raise Refused(
            _("Words in a frame are not those that were approved. Take the frame out and put it in again.")
        )


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
