"""Going back to a version: an ordinary edit that writes its words into the text again.

Open suggestions in what it replaces go. Whoever goes back has been told of which (`seen`), or is asked anew.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.drafts.actions.texts import Words
from documents.drafts.actions.write import save_text
from documents.drafts.enums import PointKind
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, require_that
from documents.editor.live.projection import project
from documents.editor.live.server_edits import lost_by, marked_of
from documents.editor.live.suggestions import Suggestion
from documents.history.actions import record
from documents.history.models import HistoryPoint
from documents.history.packing import words_in


def document_of(version: Version) -> Document:
    """The canonical document that a version holds."""
    return cast("Document", json.loads(version.canonical))


def suggestions_lost(source: Version | HistoryPoint) -> list[Suggestion]:
    """The open suggestions that going back to this state would take away, in text order."""
    return lost_by(marked_of(source.text), _words_of(source))


def digest_of(lost: Iterable[Suggestion]) -> str:
    """By which it is known again which suggestions somebody was told of; empty if there were none."""
    ids = sorted(one.id for one in lost)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16] if ids else ""


def restore(*, access: Access, version: Version, seen: str = "") -> DraftText:
    """Write the version's words into its text again; whoever has it open sees them change. What stood there
    stays in the history.

    `seen`: the `digest_of` the suggestions of which the person was told that they go. Raises Refused if
    others would go, and what `save_text` raises.
    """
    return _write(access, version, seen, from_version=version.number)


def restore_point(*, access: Access, point: HistoryPoint, seen: str = "") -> DraftText:
    """Write the words of a closed point of the history into its text again, in the same way."""
    return _write(access, point, seen, from_point=point.at)


def _words_of(source: Version | HistoryPoint) -> Words:
    if isinstance(source, HistoryPoint):
        return words_in(source.words)
    document = document_of(source)
    return {"title": document["title"], "lead": document["lead"], "body": to_editor(document)}


def _write(access: Access, state: Version | HistoryPoint, seen: str, **source: Any) -> DraftText:
    text, words = state.text, _words_of(state)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        point = record.begin(project(text.uuid), PointKind.RESTORED, **source)
        if digest_of(suggestions_lost(state)) not in {"", seen}:
            raise Refused(_("Other suggestions would be gone than the page said. Look once more."))
        written = save_text(access=access, text=text, **words)
        record.settle(point)
    return written
