"""Guest pages: the words, the handling mark, recipient and expiry, and the guest's own threads.

A guest is no member: organisations and people are named as for a stranger, and internal data is
withheld, including the working title and the names of versions.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.workspaces.sentence_params import person_name
from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.form import CanonicalError, Document
from documents.comments.body import comment_parts
from documents.comments.models import Comment
from documents.comments.queries import threads_of_guest, with_comments
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import DraftText, Handling
from documents.drafts.presenters import document_for_display, render_document
from documents.files.withheld import public_document
from documents.guests.models import GuestLink
from documents.guests.queries import pictures_for_guest, texts_for_guest, versions_for_guest


@dataclass(frozen=True)
class GuestText:
    """The words of one language that a link opens, without pictures under consent that may not be shown.
    `number`: of the version, if it opens one; `hash`: of the words, or empty while they have no canonical
    form."""

    text: DraftText
    document: Document
    changed_at: datetime.datetime | None
    number: int | None = None
    hash: str = ""


def languages_of_link(link: GuestLink) -> list[str]:
    """Return the languages that the link opens, Kazakh first."""
    if link.version is not None:
        return [link.version.language]
    return [text.language for text in texts_for_guest(link)]


def guest_text_in(link: GuestLink, language: str) -> GuestText:
    """Return the words of a language. Raises Http404 for one that the link does not open, and
    CanonicalError for words that cannot be rendered."""
    if link.version is not None:
        version = link.version
        if version.language != language:
            raise Http404
        version.text.draft = link.draft
        document = public_document(version.document)
        return GuestText(version.text, document, version.created_at, version.number, version.hash)
    known = {text.language: text for text in texts_for_guest(link)}
    if language not in known:
        raise Http404
    text = update_text_row(known[language].uuid)  # the row may be seconds behind the live document
    document = public_document(document_for_display(text))
    return GuestText(text, document, text.changed_at, hash=text.content_hash)


def render_guest_text(link: GuestLink, shown: GuestText, token: str) -> SafeString:
    """Render the words as HTML, with picture URLs that check the link again."""
    return render_document(
        shown.document,
        link.draft.workspace,
        heading_shift=0,
        pictures=pictures_for_guest(link, shown.document),
        address=lambda file: reverse("guest_picture", args=[token, shown.text.language, file.uuid]),
    )


def guest_page_context(link: GuestLink, token: str, language: str) -> dict[str, Any]:
    return {
        "link": link,
        "token": token,
        "language": language,
        "handling": Handling(link.draft.handling),
        "tabs": [
            {"code": code, "name": Language(code).label, "current": code == language}
            for code in languages_of_link(link)
        ],
    }


def guest_threads(link: GuestLink, text: DraftText) -> list[dict[str, Any]]:
    """Return the guest's threads on a text, with the words they refer to and the coordinators' replies."""
    return [
        {
            "uuid": thread.uuid,
            "quote": thread.quote,
            "resolved": thread.resolved_at is not None,
            "comments": [
                _guest_comment(link, one) for one in thread.comments.all() if one.deleted_at is None
            ],
        }
        for thread in with_comments(threads_of_guest(link.uuid, text))
    ]


def _guest_comment(link: GuestLink, comment: Comment) -> dict[str, Any]:
    own = comment.guest == link.uuid
    name, note = link.name, ""
    if not own:
        name = _("Someone who has left")
        if comment.organisation is not None:
            note = display_name_for(PUBLIC, comment.organisation)
            if comment.author is not None:
                name = person_name(PUBLIC, comment.author, comment.organisation)
    parts = comment_parts(comment.body, comment.mentions.all(), PUBLIC)
    return {"name": name, "note": note, "at": comment.created_at, "own": own, "parts": parts}


def guest_comparison(link: GuestLink, shown: GuestText, before: str) -> dict[str, Any]:
    """Return the comparison with an earlier version, or the reason why there is none.

    Raises Http404 for a version that the link does not open.
    """
    versions = list(versions_for_guest(link, shown.text))
    known = {str(version.uuid): version for version in versions}
    if before and before not in known:
        raise Http404
    context: dict[str, Any] = {"versions": versions, "before": before, "compared": None}
    if not versions:
        return context
    earlier = next((one for one in versions if one.hash != shown.hash), versions[0])
    chosen = known[before] if before else earlier
    context["before"] = str(chosen.uuid)
    try:
        compared = compare_documents(public_document(chosen.document), shown.document)
    except CanonicalError as error:
        return context | {"why": error.message}
    return context | {"compared": compared, "words": render_comparison(compared)}
