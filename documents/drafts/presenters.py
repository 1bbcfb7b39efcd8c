"""What pages of drafts show: their context, rendered documents, states of languages."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext, override

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import Viewer, may_see_name
from coalition.workspaces.dashboard import LanguageState
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.canonical.form import CanonicalError, Document
from documents.canonical.html import PictureSource, render_html
from documents.drafts.actions.texts import TextContent, document_as_written, pictures_for_text, text_content
from documents.drafts.models import Draft, DraftText, Handling
from documents.drafts.queries import texts_of
from documents.files.models import StoredFile
from documents.files.queries import pictures_in


def draft_context(access: Access, draft: Draft) -> dict[str, Any]:
    """Return what every page about a draft needs in its context."""
    return {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
    }


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
    with_title: bool = False,
) -> SafeString:
    """Render the document as HTML, with or without title and lead; headings begin `heading_shift` lower.

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

    return render_html(
        document,
        picture_url=picture_url,
        heading_shift=heading_shift,
        id_prefix=id_prefix,
        with_title=with_title,
    )


def render_text_or_error(text: DraftText) -> SafeString | str:
    """Render the current text, or the sentence that explains why it cannot be displayed."""
    try:
        document = document_for_display(text)
    except CanonicalError as error:
        return error.message
    return render_document(document, text.draft.workspace)


def language_state(text: DraftText) -> str:
    """Return `first` for the text written first, else `current`, `older` or `empty`.
    Needs `based_on` loaded."""
    if text.is_empty:
        return "empty"
    if text.based_on_id is None:
        return "first"
    return "older" if text.is_older else "current"


def language_states(draft: Draft) -> tuple[LanguageState, ...]:
    """Return the states of its languages, Kazakh first. Needs the texts prefetched with `based_on`."""
    texts = {text.language: text for text in draft.texts.all()}
    return tuple(
        LanguageState(code, language_state(texts[code])) for code in Language.values if code in texts
    )


def last_changed(draft: Draft) -> DraftText | None:
    """Return the text edited last. Needs the texts prefetched."""
    written = [text for text in draft.texts.all() if text.changed_at is not None]
    return max(written, key=lambda text: text.changed_at, default=None)  # type: ignore[arg-type,return-value]  # filtered above


def reading_tabs(languages: Iterable[str], current: str, address: str = "") -> list[dict[str, object]]:
    """Return the tabs of a page with one text at a time, in these languages, chosen by `?language=`."""
    return [
        {"label": Language(code).label, "url": f"{address}?language={code}", "current": code == current}
        for code in languages
    ]


def language_switch(name: str, *arguments: object) -> list[dict[str, object]]:
    """Return links to the public page of this URL name in all languages."""
    found: list[dict[str, object]] = []
    for code, label in Language.choices:
        with override(code):
            url = reverse(name, args=arguments)
        found.append({"code": code, "name": label, "url": url, "current": code == get_language()})
    return found


def short_moment(at: datetime.datetime) -> str:
    """Return a moment in the person's time zone, in short form."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def language_tabs(text: DraftText) -> list[dict[str, object]]:
    """Return the tabs of the draft's languages (`components/language_tabs.html`), Kazakh first: one query."""
    texts = {one.language: one for one in texts_of(text.draft)}
    tabs: list[dict[str, object]] = []
    for code in Language.values:
        if (one := texts.get(code)) is None:
            continue
        one.draft = text.draft
        tabs.append(
            {
                "code": code,
                "name": Language(code).label,
                "url": one.get_absolute_url(),
                "current": one.pk == text.pk,
                "state": language_state(one),
                "words": describe_lag(one),
            }
        )
    return tabs


def describe_lag(text: DraftText) -> str:
    """Return how far a translation is behind its source, in words; "" if it is not."""
    if language_state(text) != "older" or text.based_on is None:
        return ""
    count = text.based_on.revision - text.based_on_revision
    return ngettext("%(count)d change behind", "%(count)d changes behind", count) % {"count": count}


@dataclass(frozen=True)
class FileAuthorName:
    """A name, and the initials for an avatar."""

    name: str
    initials: str


def file_author_name(viewer: Viewer, name: str, organisation: Organisation) -> FileAuthorName:
    """Return the name if the importing organisation may be disclosed to the viewer, with the file as its
    source: nobody proved to be this person.

    `name` is empty once erased.
    """
    if not name or not may_see_name(viewer, organisation):
        return FileAuthorName(_("Somebody by a Word file"), "?")
    initials = "".join(part[0] for part in name.split()[:2]).upper()
    return FileAuthorName(_("%(name)s, by a Word file") % {"name": name}, initials or "?")
