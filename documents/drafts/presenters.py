"""Rendering of a canonical document as HTML, with pictures by access-checked URLs."""

import datetime
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, may_see_name
from coalition.workspaces.dashboard import LanguageState
from coalition.workspaces.models import Workspace
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import CanonicalError
from documents.drafts.actions.texts import TextContent, document_as_written, pictures_for_text, text_content
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import texts_of
from documents.files.models import StoredFile
from documents.files.queries import pictures_in


def document_for_display(text: DraftText, words: TextContent | None = None) -> Document:
    """Return the canonical form of a text (or of `words` for it) for display and comparison.

    Raises CanonicalError for words that could not be saved either.
    """
    words = words or text_content(text)
    pictures = pictures_for_text(text.draft, words["body"], reading=True)
    return document_as_written(draft=text.draft, language=text.language, words=words, pictures=pictures)


def render_document(
    document: Document,
    workspace: Workspace,
    *,
    id_prefix: str = "",
    heading_shift: int = 1,
    pictures: Iterable[StoredFile] | None = None,
    address: Callable[[StoredFile], str] | None = None,
) -> SafeString:
    """Render the document as HTML without title and lead; headings begin `heading_shift` lower.

    A picture is served by a view that checks the viewer's right: the member view, unless `address`
    gives another URL. `pictures`: the pictures that may be displayed, if not all of the document.
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


def render_text_or_error(
    text: DraftText, words: TextContent | None = None, *, id_prefix: str = ""
) -> SafeString | str:
    """Render the current text, or the sentence that explains why it cannot be displayed."""
    try:
        document = document_for_display(text, words)
    except CanonicalError as error:
        return error.message
    return render_document(document, text.draft.workspace, id_prefix=id_prefix)


# --- language states ---
# State of each language of a draft, for badges and tabs.


def language_state(text: DraftText) -> str:
    """Return `first` for the text written first, else `current`, `older` or `empty`.
    Needs `based_on` loaded."""
    if text.is_empty:
        return "empty"
    if text.based_on_id is None:
        return "first"
    return "older" if text.is_older else "current"


def language_states(draft: Draft) -> tuple[LanguageState, ...]:
    """Return the states of its languages, Kazakh first.
    Needs the texts prefetched with `based_on`."""
    texts = {text.language: text for text in draft.texts.all()}
    return tuple(
        LanguageState(code, language_state(texts[code])) for code in Language.values if code in texts
    )


def last_changed(draft: Draft) -> DraftText | None:
    """Return the text edited last. Needs the texts prefetched."""
    written = [text for text in draft.texts.all() if text.changed_at is not None]
    return max(written, key=lambda text: text.changed_at, default=None)  # type: ignore[arg-type,return-value]  # filtered above


# --- restore ---
# Restore a version: an ordinary edit that writes its words into the text again.
#
# Open suggestions in replaced blocks are lost. The person has confirmed which ones (`seen`), or
# is asked again.


def version_document(version: Version) -> Document:
    """Return the canonical document of a version."""
    return cast("Document", json.loads(version.canonical))


# --- presenters ---
# A round's matrix as the components show it: table, bars, sheet.


def short_moment(at: datetime.datetime) -> str:
    """Return a moment in the person's time zone, in short form."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


# --- presenters ---
# What pages of a text show of its languages.


# --- overview ---
# Overview of a text: its languages and its named versions.


@dataclass(frozen=True)
class LanguageTab:
    """Tab of one language of a draft."""

    code: str
    name: str
    url: str
    current: bool
    state: str
    words: str


def language_tabs(text: DraftText) -> list[LanguageTab]:
    """Return the languages of the draft, Kazakh first: one query."""
    texts = {one.language: one for one in texts_of(text.draft)}
    tabs = []
    for code in Language.values:
        if code not in texts:
            continue
        one = texts[code]
        one.draft = text.draft
        tabs.append(
            LanguageTab(
                code,
                Language(code).label,
                one.get_absolute_url(),
                one.pk == text.pk,
                language_state(one),
                describe_lag(one),
            )
        )
    return tabs


def describe_lag(text: DraftText) -> str:
    """Return how far a translation is behind its source, in words; "" if it is not."""
    if language_state(text) != "older" or text.based_on is None:
        return ""
    count = text.based_on.revision - text.based_on_revision
    return ngettext("%(count)d change behind", "%(count)d changes behind", count) % {"count": count}


# --- file authors ---
# People who are known by a Word file alone, named to one reader. That it is a file that says so is said
# too:
# nobody proved to be this person.


@dataclass(frozen=True)
class FileAuthorName:
    """A name, and the initials for an avatar."""

    name: str
    initials: str


def file_author_name(viewer: Viewer, name: str, organisation: Organisation) -> FileAuthorName:
    """Return the name if the importing organisation may be disclosed to the viewer.

    `name` is empty once erased.
    """
    if not name or not may_see_name(viewer, organisation):
        return FileAuthorName(_("Somebody by a Word file"), "?")
    initials = "".join(part[0] for part in name.split()[:2]).upper()
    return FileAuthorName(_("%(name)s, by a Word file") % {"name": name}, initials or "?")
