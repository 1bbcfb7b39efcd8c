"""Showing words to people: a canonical document as HTML, its pictures by their checked addresses."""

import datetime
import json
from collections.abc import Callable, Iterable
from typing import cast

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString

from coalition.accounts.enums import Language
from coalition.workspaces.dashboard import LanguageState
from coalition.workspaces.models import Workspace
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import Words, as_it_stands, pictures_of, words_of
from documents.drafts.models import Draft, DraftText, Version
from documents.files.models import StoredFile
from documents.files.queries import pictures_in


def document_as_it_stands(text: DraftText, words: Words | None = None) -> Document:
    """The words of a text (or others written for it) for showing and comparing.

    Raises CanonicalError for words that could not be saved either.
    """
    words = words or words_of(text)
    pictures = pictures_of(text.draft, words["body"], reading=True)
    return as_it_stands(draft=text.draft, language=text.language, words=words, pictures=pictures)


def show(
    document: Document,
    workspace: Workspace,
    *,
    id_prefix: str = "",
    heading_shift: int = 1,
    pictures: Iterable[StoredFile] | None = None,
    address: Callable[[StoredFile], str] | None = None,
) -> SafeString:
    """The document as HTML, its title and lead left to the page; headings begin `heading_shift` lower.

    A picture is served by a view that asks for the right of whoever looks: a member's, unless `address` says
    another. `pictures`: those that may be shown, if not all of the document.
    """
    rows = pictures_in(workspace, document["pictures"]) if pictures is None else pictures
    files = {str(file.uuid): file for file in rows}

    def picture_url(identity: str, _sha256: str) -> PictureSource | None:
        file = files.get(identity)
        if file is None:
            return None
        return {
            "src": address(file) if address else reverse("documents:picture", args=[file.uuid]),
            "width": file.width or 0,
            "height": file.height or 0,
        }

    return render_html(document, picture_url=picture_url, heading_shift=heading_shift, id_prefix=id_prefix)


def show_text(text: DraftText, words: Words | None = None, *, id_prefix: str = "") -> SafeString | str:
    """A text as it stands, or the sentence that says why it cannot be shown."""
    try:
        document = document_as_it_stands(text, words)
    except CanonicalError as error:
        return error.message
    return show(document, text.draft.workspace, id_prefix=id_prefix)


# --- language states ---
# How far each language of a draft is, for badges and tabs.


def state_of(text: DraftText) -> str:
    """`first` for the text written first, else `current`, `older` or `empty`. Needs `based_on` loaded."""
    if text.is_empty:
        return "empty"
    if text.based_on_id is None:
        return "first"
    return "older" if text.is_older else "current"


def states_of(draft: Draft) -> tuple[LanguageState, ...]:
    """Its languages, Kazakh first. Needs the texts prefetched with `based_on`."""
    texts = {text.language: text for text in draft.texts.all()}
    return tuple(LanguageState(code, state_of(texts[code])) for code in Language.values if code in texts)


def last_changed(draft: Draft) -> DraftText | None:
    """The text that somebody wrote in last. Needs the texts prefetched."""
    written = [text for text in draft.texts.all() if text.changed_at is not None]
    return max(written, key=lambda text: text.changed_at, default=None)  # type: ignore[arg-type,return-value]  # filtered above


# --- restore ---
# Going back to a version: an ordinary edit that writes its words into the text again.
#
# Open suggestions in what it replaces go. Whoever goes back has been told of which (`seen`), or is asked
# anew.


def document_of(version: Version) -> Document:
    """The canonical document that a version holds."""
    return cast("Document", json.loads(version.canonical))


# --- presenters ---
# A round's matrix as the components show it: table, bars, sheet.


def moment(at: datetime.datetime) -> str:
    """A moment in the person's time zone, short."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
