"""What was carried over from approved words, for the pages of a round."""

from collections.abc import Iterable
from typing import Any

from coalition.accounts.enums import Language
from documents.approval.actions.inherit import frames_of
from documents.approval.approved_blocks import framed_in, unframed
from documents.approval.models.rounds import Approval, Asked
from documents.approval.presenters.matrix import moment
from documents.approval.queries.boards import Board
from documents.approval.queries.inherited import carried_in, publications_of, readable_versions, sources_of
from documents.canonical.compare import compare
from documents.canonical.compare_html import render_comparison
from documents.canonical.serialise import CanonicalError, short_hash
from documents.drafts.enums import Way
from documents.drafts.models import DraftText, Version
from documents.drafts.rendering import document_as_it_stands
from documents.history.actions import document_of
from documents.publication.queries.publications import sheet_address


def carried_for(board: Board, asked: Asked) -> list[dict[str, Any]]:
    """What one organisation approved elsewhere that counts here: which words, when and how it approved them,
    and what is different where they stand now. It may read all of it."""
    found = carried_in(board.round).filter(organisation=asked.organisation_id)
    rows = sorted(found, key=lambda row: Language.values.index(row.language))
    put = {text.language: text.version for text in board.texts}
    sheets = publications_of({one.round_id for row in rows for one in sources_of(row)})
    return [
        {
            "language": Language(row.language).label,
            "code": row.language,
            "title": document_of(source.version)["title"],
            "number": source.version.number,
            "hash": short_hash(source.hash),
            "how": f"{moment(source.at)}, {Way(source.way).label}",
            "sheet": sheet_address(sheets[source.round_id]) if source.round_id in sheets else "",
            "changes": _changes(source.version, put[row.language]),
        }
        for row in rows
        for source in _sources(row)
    ]


def sources_in(board: Board, user: object) -> list[dict[str, Any]]:
    """Of which approved words the texts put are made, if anything was carried over; for everyone who reads
    the round. Titles only of what is public or the person may read."""
    rows = list(carried_in(board.round))
    if not rows:
        return []
    sources = {one.hash: one for row in rows for one in sources_of(row)}
    sheets = publications_of({one.round_id for one in sources.values()})
    readable = readable_versions(user, {one.version_id for one in sources.values()})
    found = []
    for text in board.texts:
        for one in framed_in(document_of(text.version)):
            source = sources.get(one.source)
            public = sheets.get(source.round_id) if source else None
            may_read = source is not None and source.version_id in readable
            found.append(
                {
                    "language": Language(text.language).label,
                    "code": text.language,
                    "title": document_of(source.version)["title"] if source and (public or may_read) else "",
                    "hash": short_hash(one.source),
                    "url": source.version.get_absolute_url()
                    if source and may_read
                    else sheet_address(public)
                    if public
                    else "",
                }
            )
    return found


def says_approved_words(texts: Iterable[DraftText]) -> bool:
    """Whether these texts, as they stand, say only whole versions that somebody approved."""
    try:
        documents = {text.language: document_as_it_stands(text) for text in texts}
    except CanonicalError:
        return False
    return bool(frames_of(documents))


def _sources(row: Approval) -> Iterable[Approval]:
    """Those in the language of the words; an answer leads to words in another one."""
    return [source for source in sources_of(row) if source.language == row.language]


def _changes(source: Version, put: Version) -> str:
    comparison = compare(unframed(document_of(source)), unframed(document_of(put)))
    return "" if comparison.same else render_comparison(comparison, context=1)
