"""What a guest sees: the words, the handling mark, for whom and until when, and their own threads.

A guest is nobody's member: organisations and people are named as to a stranger, and nothing of the desk is
told, neither the working title nor the names that people gave to versions.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.workspaces.naming import person_name
from documents.canonical.compare import compare
from documents.canonical.compare_html import render_comparison
from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError
from documents.comments.body import Part, parts_of
from documents.comments.models import Comment, Thread
from documents.comments.queries import threads_of_guest, with_comments
from documents.drafts.enums import Handling
from documents.drafts.live.projection import project
from documents.drafts.models import DraftText
from documents.drafts.rendering import document_as_it_stands, document_of, show
from documents.guests.models import GuestLink
from documents.guests.queries import pictures_for_guest, texts_for_guest, versions_for_guest


@dataclass(frozen=True)
class Shown:
    """The words of one language that a link opens. `number`: of the version, if it opens one; `hash`: of the
    words, or empty while they have no canonical form."""

    text: DraftText
    language: str
    document: Document
    changed_at: datetime.datetime | None
    number: int | None = None
    hash: str = ""


@dataclass(frozen=True)
class Said:
    """One comment of the guest's own thread."""

    name: str
    note: str
    at: datetime.datetime
    own: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class OwnThread:
    """One thread of the guest, with the words it is about."""

    uuid: str
    quote: str
    resolved: bool
    said: tuple[Said, ...]


def languages_of(link: GuestLink) -> list[str]:
    """The languages that the link opens, Kazakh first."""
    if link.version is not None:
        return [link.version.language]
    return [text.language for text in texts_for_guest(link)]


def shown_in(link: GuestLink, language: str) -> Shown:
    """The words of a language. Raises Http404 for one that the link does not open, and CanonicalError for
    words that cannot be shown."""
    if link.version is not None:
        version = link.version
        if version.language != language:
            raise Http404
        version.text.draft = link.draft
        return Shown(
            version.text, language, document_of(version), version.created_at, version.number, version.hash
        )
    known = {text.language: text for text in texts_for_guest(link)}
    if language not in known:
        raise Http404
    text = project(known[language].uuid)  # the row may be seconds behind what people write
    return Shown(text, language, document_as_it_stands(text), text.changed_at, hash=text.content_hash)


def words_of(link: GuestLink, shown: Shown, token: str) -> SafeString:
    """The words as HTML, pictures by addresses that ask for the link again."""
    return show(
        shown.document,
        link.draft.workspace,
        heading_shift=0,
        pictures=pictures_for_guest(link, shown.document),
        address=lambda file: reverse("guest_picture", args=[token, shown.language, file.uuid]),
    )


def around(link: GuestLink, token: str, language: str) -> dict[str, Any]:
    """What stands around the words on each page of a guest."""
    return {
        "link": link,
        "token": token,
        "language": language,
        "handling": Handling(link.draft.handling),
        "tabs": [
            {"code": code, "name": Language(code).label, "current": code == language}
            for code in languages_of(link)
        ],
    }


def own_threads(link: GuestLink, text: DraftText) -> list[OwnThread]:
    """The guest's threads on a text, with the answers of the coordinators."""
    rows = with_comments(threads_of_guest(link.uuid, text))
    return [_thread(link, thread) for thread in rows]


def _thread(link: GuestLink, thread: Thread) -> OwnThread:
    said = tuple(_said(link, one) for one in thread.comments.all() if one.deleted_at is None)
    return OwnThread(str(thread.uuid), thread.quote, thread.resolved_at is not None, said)


def _said(link: GuestLink, comment: Comment) -> Said:
    own = comment.guest == link.uuid
    name, note = link.name, ""
    if not own:
        name, note = _("Someone who has left"), ""
        if comment.organisation is not None:
            note = display_name_for(PUBLIC, comment.organisation)
            if comment.author is not None:
                name = person_name(PUBLIC, comment.author, comment.organisation)
    parts = tuple(parts_of(comment.body, comment.mentions.all(), PUBLIC))
    return Said(name, note, comment.created_at, own, parts)


def comparison(link: GuestLink, shown: Shown, before: str) -> dict[str, Any]:
    """An earlier version beside the words shown, or in words why they cannot be compared.

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
        compared = compare(document_of(chosen), shown.document)
    except CanonicalError as error:
        return context | {"why": error.message}
    return context | {"compared": compared, "words": render_comparison(compared)}
